//! The sBPF target's specification and flags for this toolchain's rustc.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

/// The target's name, and its folder's under the target folder.
pub const NAME: &str = "sbpf-solana";

pub const RUSTFLAGS: [&str; 9] = [
    "-Zunstable-options",
    "-Cdebuginfo=0",
    // A panic's message is of no use on chain, and neither is the code that formats it.
    "-Cpanic=immediate-abort",
    // The machine has one thread: atomics are plain loads and stores.
    "-Cpasses=lower-atomic",
    // Turns on every crate's on-chain code, while `os` in the specification stays one that std has.
    "--cfg=target_os=\"solana\"",
    "-Aexplicit_builtin_cfgs_in_flags",
    // sBPF's stack frame; LLVM's own limit is the Linux kernel's, 512 bytes.
    "-Clink-arg=--llvm-args=-bpf-stack-size=4096",
    "-Cllvm-args=-unroll-threshold=10",
    "-Clink-arg=--llvm-args=-unroll-threshold=10",
];

/// The path of the target's specification.
pub fn spec_file(folder: &Path) -> PathBuf {
    folder.join(NAME).with_extension("json")
}

/// Turns rustc's own BPF target into sBPF v3 as Solana runs it.
pub fn specification(bpf: &str) -> Result<String> {
    let mut spec: Value = serde_json::from_str(bpf).context("rustc's BPF target is not JSON")?;
    let changes = json!({
        "vendor": "solana",
        // std's small single-threaded platform layer.
        "os": "zkvm",
        "singlethread": true,
        "panic-strategy": "abort",
        "atomic-cas": true,
        "min-atomic-width": 8,
        "cpu": "v3",
        // Without it, every load from account data becomes one per byte.
        "features": "+allows-misaligned-mem-access",
        "linker": "sbpf-linker",
    });
    let Value::Object(changes) = changes else {
        unreachable!("an object as written above");
    };
    spec.as_object_mut()
        .context("rustc's BPF target is not a JSON object")?
        .extend(changes);
    Ok(serde_json::to_string_pretty(&spec)?)
}

/// Adds the BPF architecture to std's list of allocator alignments.
pub fn patch_std(library: &Path) -> Result<()> {
    let file = library.join("std/src/sys/alloc/mod.rs");
    let source = fs::read_to_string(&file)
        .with_context(|| format!("std has no {}: its layout has changed", file.display()))?;
    fs::write(&file, patched(&source)?)?;
    Ok(())
}

fn patched(source: &str) -> Result<String> {
    // An architecture whose alignment is 16 bytes.
    const NEIGHBOUR: &str = "    target_arch = \"x86_64\",\n";
    const OURS: &str = "    target_arch = \"bpf\",\n";
    if source.contains(OURS) {
        return Ok(source.to_owned());
    }
    ensure!(
        source.contains(NEIGHBOUR),
        "std's list of allocator alignments has changed; adapt xtask's patch of it"
    );
    Ok(source.replacen(NEIGHBOUR, &format!("{OURS}{NEIGHBOUR}"), 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_specification_keeps_what_it_does_not_change() {
        let spec = specification(r#"{"arch": "bpf", "atomic-cas": false}"#).unwrap();
        let spec: Value = serde_json::from_str(&spec).unwrap();
        assert_eq!(spec["arch"], "bpf");
        assert_eq!(spec["atomic-cas"], true);
        assert_eq!(spec["cpu"], "v3");
    }

    #[test]
    fn a_specification_of_another_shape_is_refused() {
        specification("[]").unwrap_err();
        specification("error: no such target").unwrap_err();
    }

    #[test]
    fn the_patch_joins_the_16_byte_list_once() {
        let source = "    4\n} else if cfg!(any(\n    target_arch = \"x86_64\",\n)) {\n    16\n";
        let once = patched(source).unwrap();
        assert!(once.contains("any(\n    target_arch = \"bpf\",\n    target_arch = \"x86_64\",\n"));
        assert_eq!(patched(&once).unwrap(), once);
        patched("const MIN_ALIGN: usize = 16;").unwrap_err();
    }
}
