//! Whether a file is an sBPF v3 program, by its ELF header.

use anyhow::{Result, ensure};

const MAGIC: &[u8] = b"\x7fELF";
const CLASS_64: u8 = 2;
const LITTLE_ENDIAN: u8 = 1;

/// `e_machine` of LLVM's BPF target and of Solana's own; the loader accepts both.
const MACHINES: [u16; 2] = [247, 263];

/// The sBPF version that clusters require of a new deployment, as `e_flags` holds it.
const SBPF_VERSION: u32 = 3;

/// Fails unless `program` is an ELF file for sBPF v3.
pub fn ensure_sbpf_v3(program: &[u8]) -> Result<()> {
    ensure!(
        program.starts_with(MAGIC)
            && program.get(4) == Some(&CLASS_64)
            && program.get(5) == Some(&LITTLE_ENDIAN),
        "not a 64-bit little-endian ELF file"
    );
    let machine = field(program, 18).map(u16::from_le_bytes);
    ensure!(
        machine.is_some_and(|machine| MACHINES.contains(&machine)),
        "compiled for another machine than BPF (e_machine {machine:?})"
    );
    let version = field(program, 48).map(u32::from_le_bytes);
    ensure!(
        version == Some(SBPF_VERSION),
        "compiled for another sBPF version than {SBPF_VERSION} (e_flags {version:?})"
    );
    Ok(())
}

fn field<const N: usize>(program: &[u8], offset: usize) -> Option<[u8; N]> {
    program.get(offset..)?.first_chunk().copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(machine: u16, flags: u32) -> Vec<u8> {
        let mut header = vec![0; 64];
        header[..6].copy_from_slice(b"\x7fELF\x02\x01");
        header[18..20].copy_from_slice(&machine.to_le_bytes());
        header[48..52].copy_from_slice(&flags.to_le_bytes());
        header
    }

    #[test]
    fn version_3_of_both_machines_is_accepted() {
        ensure_sbpf_v3(&header(247, 3)).unwrap();
        ensure_sbpf_v3(&header(263, 3)).unwrap();
    }

    #[test]
    fn another_version_is_refused() {
        let error = ensure_sbpf_v3(&header(247, 0)).unwrap_err();
        assert_eq!(
            error.to_string(),
            "compiled for another sBPF version than 3 (e_flags Some(0))"
        );
    }

    #[test]
    fn another_machine_is_refused() {
        let error = ensure_sbpf_v3(&header(62, 3)).unwrap_err();
        assert_eq!(
            error.to_string(),
            "compiled for another machine than BPF (e_machine Some(62))"
        );
    }

    #[test]
    fn a_file_of_another_kind_or_cut_short_is_refused() {
        ensure_sbpf_v3(b"#!/bin/sh").unwrap_err();
        ensure_sbpf_v3(&header(247, 3)[..40]).unwrap_err();
    }
}
