//! Compiles the on-chain programs into target/deploy, checks the output and hashes it.

use std::{fs, path::PathBuf};

use anyhow::{Context, Result};

use crate::{
    elf,
    file::write_if_changed,
    hashes::Hashes,
    toolchain::{Choice, Toolchain},
    workspace::{ProgramCrate, Workspace},
};

/// Builds every program into target/deploy and returns their hashes.
pub fn build(workspace: &Workspace, toolchain: Choice) -> Result<Hashes> {
    let toolchain = Toolchain::prepare(toolchain, &workspace.cache)?;
    let deploy = workspace.deploy();
    fs::create_dir_all(&deploy)
        .with_context(|| format!("could not create {}", deploy.display()))?;
    let hashes = build_with(workspace, &toolchain, |program, elf| {
        write_if_changed(&deploy.join(file(program)), elf)?;
        offer_development_keypair(workspace, &program.library)
    })?;
    write_if_changed(&deploy.join("SHA256SUMS"), hashes.to_string().as_bytes())?;
    Ok(hashes)
}

/// Compiles every program and hands it to `keep`.
pub fn build_with(
    workspace: &Workspace,
    toolchain: &Toolchain,
    mut keep: impl FnMut(&ProgramCrate, &[u8]) -> Result<()>,
) -> Result<Hashes> {
    let versions = toolchain.versions()?;
    eprintln!("compiling programs with {versions}");
    let mut hashes = Hashes::new(versions);
    let elfs = compile(workspace, toolchain, &workspace.programs)?;
    for (program, elf) in workspace.programs.iter().zip(elfs) {
        let file = file(program);
        let hash = hashes.add(file.clone(), &elf);
        eprintln!("{file:<16} {:>8} bytes  sha256 {hash}", elf.len());
        keep(program, &elf)?;
    }
    Ok(hashes)
}

/// Builds the program that the benchmark measures beside ours.
pub fn build_floor(workspace: &Workspace, toolchain: Choice) -> Result<()> {
    let toolchain = Toolchain::prepare(toolchain, &workspace.cache)?;
    let elfs = compile(
        workspace,
        &toolchain,
        std::slice::from_ref(&workspace.floor),
    )?;
    let folder = workspace.measured();
    fs::create_dir_all(&folder)
        .with_context(|| format!("could not create {}", folder.display()))?;
    for elf in elfs {
        write_if_changed(&folder.join(file(&workspace.floor)), &elf)?;
    }
    Ok(())
}

fn file(program: &ProgramCrate) -> String {
    format!("{}.so", program.library)
}

/// Compiles programs and returns their ELF files, in their order.
fn compile(
    workspace: &Workspace,
    toolchain: &Toolchain,
    programs: &[ProgramCrate],
) -> Result<Vec<Vec<u8>>> {
    let read = |compiled: PathBuf| {
        let elf = fs::read(&compiled)
            .with_context(|| format!("the compiler left no {}", compiled.display()))?;
        elf::ensure_sbpf_v3(&elf)
            .with_context(|| format!("{} is not an sBPF v3 program", compiled.display()))?;
        Ok(elf)
    };
    toolchain
        .compile(workspace, programs)
        .context("the programs do not compile")?
        .into_iter()
        .map(read)
        .collect()
}

/// Copies the committed development keypair of a program to where `anchor deploy` looks for its
/// address, unless a keypair is there already: a user's own, for a cluster that matters.
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
