//! The workspace's own commands, compiled and then run or installed.

use std::{
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
    process::{Command, exit},
};

use anyhow::{Context, Result};

use crate::{cargo, workspace::Workspace};

const CLI: &str = "pedigree-cli";
const BENCH: &str = "pedigree-bench";
const THROUGHPUT: &str = "pedigree-throughput";
const MIGRATIONS: &str = "pedigree-migrations";

/// The packages that are compiled together for installing and for measuring, so that both use the
/// same binary.
const OPTIMISED: [&str; 2] = [CLI, THROUGHPUT];

/// Compiles `pedigree` against the programs in target/deploy.
pub fn build_cli(workspace: &Workspace) -> Result<PathBuf> {
    let binary = cargo::binary(workspace, CLI)?;
    eprintln!("built {}", binary.display());
    Ok(binary)
}

/// Compiles `pedigree` with optimisation and copies it to cargo's bin folder.
///
/// Completions and man pages are not written: their folders are the user's or the package's to choose.
pub fn install(workspace: &Workspace) -> Result<()> {
    let built = cargo::optimised_binary(workspace, &OPTIMISED, CLI)?;
    let folder = cargo::home()?.join("bin");
    let name = built.file_name().context("the binary has no name")?;
    let installed = folder.join(name);
    // A running copy cannot be written to, but it can be replaced.
    let fresh = folder.join(format!(".{}.new", name.display()));
    fs::create_dir_all(&folder)
        .and_then(|()| fs::copy(&built, &fresh))
        .and_then(|_| fs::rename(&fresh, &installed))
        .with_context(|| format!("could not write {}", installed.display()))?;
    eprintln!(
        "installed {}; its commands `completions` and `man` write shell completions and man pages",
        installed.display()
    );
    Ok(())
}

/// Runs `pedigree demo`.
pub fn demo(workspace: &Workspace, args: &[String]) -> Result<()> {
    let pedigree = build_cli(workspace)?;
    hand_over(
        &pedigree,
        ["demo"].into_iter().chain(args.iter().map(String::as_str)),
    )
}

/// Runs the account migrations.
pub fn migrate(workspace: &Workspace, args: &[String]) -> Result<()> {
    let migrations = cargo::binary(workspace, MIGRATIONS)?;
    hand_over(&migrations, args)
}

/// Measures the programs in target/deploy.
pub fn bench(workspace: &Workspace, check: bool) -> Result<()> {
    let bench = cargo::binary(workspace, BENCH)?;
    let mut command = Command::new(bench);
    command
        .current_dir(&workspace.root)
        .args(check.then_some("--check"));
    cargo::run(&mut command)
}

/// Measures the embedded node under load, and `pedigree` on it, both compiled as for installing.
pub fn load(workspace: &Workspace, args: &[String]) -> Result<()> {
    let pedigree = cargo::optimised_binary(workspace, &OPTIMISED, CLI)?;
    let throughput = cargo::optimised_binary(workspace, &OPTIMISED, THROUGHPUT)?;
    let pedigree = [OsStr::new("--pedigree"), pedigree.as_os_str()];
    hand_over(
        &throughput,
        pedigree.into_iter().chain(args.iter().map(OsStr::new)),
    )
}

/// Runs `binary` last: its exit code becomes this program's.
fn hand_over(binary: &Path, args: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Result<()> {
    let status = Command::new(binary)
        .args(args)
        .status()
        .with_context(|| format!("could not start {}", binary.display()))?;
    exit(status.code().unwrap_or(1))
}
