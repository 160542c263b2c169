//! Compiles the on-chain programs into target/deploy, checks what came out and records its hashes.

use std::{fmt::Write as _, fs};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use crate::{
    elf,
    file::write_if_changed,
    toolchain::{Choice, Toolchain},
    workspace::{Program, Workspace},
};

/// Builds every program, each in a cargo call of its own: in one call, a program that another one
/// depends on would be compiled for both at once, and bring its entrypoint into the other.
pub fn build(workspace: &Workspace, toolchain: Choice) -> Result<()> {
    let toolchain = Toolchain::prepare(toolchain, &workspace.cache)?;
    eprintln!("compiling programs with {toolchain}");

    let deploy = workspace.deploy();
    fs::create_dir_all(&deploy)
        .with_context(|| format!("could not create {}", deploy.display()))?;
    let mut sums = String::new();
    for program in &workspace.programs {
        let name = &program.library;
        let bytes = compile(workspace, &toolchain, program)?;
        let file = format!("{name}.so");
        write_if_changed(&deploy.join(&file), &bytes)?;
        let hash = hex::encode(Sha256::digest(&bytes));
        eprintln!("{file:<16} {:>8} bytes  sha256 {hash}", bytes.len());
        writeln!(sums, "{hash}  {file}")?;
        offer_development_keypair(workspace, name)?;
    }
    write_if_changed(&deploy.join("SHA256SUMS"), sums.as_bytes())
}

/// Builds the program that the benchmark measures beside ours.
pub fn build_floor(workspace: &Workspace, toolchain: Choice) -> Result<()> {
    let toolchain = Toolchain::prepare(toolchain, &workspace.cache)?;
    let bytes = compile(workspace, &toolchain, &workspace.floor)?;
    let folder = workspace.measured();
    fs::create_dir_all(&folder)
        .with_context(|| format!("could not create {}", folder.display()))?;
    let file = format!("{}.so", workspace.floor.library);
    write_if_changed(&folder.join(file), &bytes)
}

fn compile(workspace: &Workspace, toolchain: &Toolchain, program: &Program) -> Result<Vec<u8>> {
    let compiled = toolchain
        .compile(workspace, program)
        .with_context(|| format!("program `{}` does not compile", program.library))?;
    let bytes = fs::read(&compiled)
        .with_context(|| format!("the compiler left no {}", compiled.display()))?;
    elf::ensure_sbpf_v3(&bytes)
        .with_context(|| format!("{} is no sBPF v3 program", compiled.display()))?;
    Ok(bytes)
}

/// Puts the committed development keypair of a program where `anchor deploy` looks for its address,
/// unless a keypair is there: somebody's own, for a cluster that matters.
fn offer_development_keypair(workspace: &Workspace, program: &str) -> Result<()> {
    let file = format!("{program}-keypair.json");
    let (own, committed) = (
        workspace.deploy().join(&file),
        workspace.root.join("keys/development").join(&file),
    );
    if !own.exists() {
        fs::copy(&committed, &own)
            .with_context(|| format!("could not copy {}", committed.display()))?;
    }
    Ok(())
}
