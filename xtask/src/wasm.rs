//! Compiles the rules and the scan parser for `wasm32-unknown-unknown`, as a test module.
//!
//! Debian's rustc has no precompiled std for that target either, so it is compiled from Debian's
//! library sources, as for the on-chain programs.

use std::{env, fs};

use anyhow::{Context, Result};

use crate::{
    cargo, file::write_if_changed, target_folder, tool::LLD, toolchain::Debian,
    workspace::Workspace,
};

const TARGET: &str = "wasm32-unknown-unknown";
const PACKAGE: &str = "pedigree-wasm-tests";

/// Compiles the module into target/wasm.
pub fn build(workspace: &Workspace) -> Result<()> {
    let rust = Debian::prepare_rust(&workspace.cache)?;
    let lld = LLD.unpack(&workspace.cache)?;
    let target_folder = target_folder::claim(workspace, "wasm")?;
    let libraries = env::join_paths([rust.libraries(), lld.libraries()])?;
    let linker = lld.program("wasm-ld-19")?;
    let mut build = rust.cargo();
    cargo::run(
        build
            .current_dir(&workspace.root)
            .args(["rustc", "--package", PACKAGE, "--lib"])
            .args(["--crate-type", "cdylib", "--target", TARGET])
            .args(["-Zbuild-std=std,panic_abort", "-Zbuild-std-features="])
            .args(cargo::flags(workspace, &rust.version()?))
            .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker)
            .env("CARGO_TARGET_DIR", &target_folder)
            .env("LD_LIBRARY_PATH", libraries),
    )?;

    let file = format!("{}.wasm", PACKAGE.replace('-', "_"));
    let compiled = target_folder.join(TARGET).join("debug").join(&file);
    let module = fs::read(&compiled)
        .with_context(|| format!("the compiler left no {}", compiled.display()))?;
    let folder = workspace.wasm();
    fs::create_dir_all(&folder)
        .with_context(|| format!("could not create {}", folder.display()))?;
    write_if_changed(&folder.join(file), &module)
}
