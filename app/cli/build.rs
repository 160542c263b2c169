//! Puts the built programs into the binary, so that `pedigree localnet` needs no other file.
//!
//! Where they have not been built (`cargo xtask build` does), the binary carries empty ones and
//! says so when it is asked to start a ledger.

use std::{env, fs, path::PathBuf};

fn main() {
    if env::var_os("CARGO_FEATURE_LOCALNET").is_none() {
        return;
    }
    let deploy = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it"))
        .join("../../target/deploy");
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it"));
    for program in ["registry", "custody", "recall"] {
        let built = deploy.join(program).with_extension("so");
        println!("cargo::rerun-if-changed={}", built.display());
        let elf = fs::read(&built).unwrap_or_default();
        fs::write(out.join(program).with_extension("so"), elf).expect("OUT_DIR is writable");
    }
}
