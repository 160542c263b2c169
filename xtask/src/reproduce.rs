//! Whether the programs compile to the same bytes everywhere: two clean builds in different folders
//! against each other, and a build against the committed hashes.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail, ensure};

use crate::{
    file::write_if_changed,
    hashes::Hashes,
    programs,
    toolchain::{Choice, Toolchain},
    workspace::Workspace,
};

/// The committed hashes.
const COMMITTED: &str = "idl/SHA256SUMS";

/// Records the hashes of a build as those to commit.
pub fn record(workspace: &Workspace, built: &Hashes) -> Result<()> {
    write_if_changed(
        &workspace.root.join(COMMITTED),
        built.to_string().as_bytes(),
    )?;
    eprintln!("{COMMITTED}");
    Ok(())
}

/// Fails when the hashes of a build differ from the committed ones of the same tools.
pub fn check(workspace: &Workspace, built: &Hashes) -> Result<()> {
    const UPDATE: &str = "run `cargo xtask build --record` and commit the result";
    let path = workspace.root.join(COMMITTED);
    let text = fs::read_to_string(&path)
        .with_context(|| format!("could not read {COMMITTED}; {UPDATE}"))?;
    let committed: Hashes = text
        .parse()
        .with_context(|| format!("{COMMITTED} is malformed; {UPDATE}"))?;
    if built.versions != committed.versions {
        eprintln!(
            "not compared with {COMMITTED}: it is of {}, this build of {}",
            committed.versions, built.versions
        );
        return Ok(());
    }
    let differences = built.differences(&committed);
    ensure!(
        differences.is_empty(),
        "{COMMITTED} is out of date for {}; {UPDATE}",
        differences.join(", ")
    );
    eprintln!("the hashes are those of {COMMITTED}");
    Ok(())
}

/// Compiles the programs twice from nothing, in different folders, and fails when the outcomes
/// differ from each other or from the committed hashes.
pub fn verify(workspace: &Workspace, toolchain: Choice) -> Result<()> {
    let toolchain = Toolchain::prepare(toolchain, &workspace.cache)?;
    let folder = workspace.cache.join("verify");
    if folder.exists() {
        fs::remove_dir_all(&folder)
            .with_context(|| format!("could not remove {}", folder.display()))?;
    }
    // Paths of different lengths, since a path may be part of what is compiled.
    let first = build_copy(workspace, &toolchain, &folder.join("a"))?;
    let second = build_copy(workspace, &toolchain, &folder.join("second/checkout"))?;
    let differences = first.differences(&second);
    if !differences.is_empty() {
        bail!(
            "two clean builds differ in {}; both are below {}",
            differences.join(", "),
            folder.display()
        );
    }
    eprintln!("two clean builds agree");
    fs::remove_dir_all(&folder)?;
    check(workspace, &first)
}

/// Compiles a copy of the workspace in `folder`, with target folders of its own.
fn build_copy(workspace: &Workspace, toolchain: &Toolchain, folder: &Path) -> Result<Hashes> {
    let root = folder.join("pedigree");
    copy_sources(&workspace.root, &root)?;
    let copy = Workspace::at(&root, folder.to_owned())?;
    let kept = folder.join("programs");
    fs::create_dir_all(&kept)?;
    programs::build_with(&copy, toolchain, |program, elf| {
        let file = kept.join(&program.library).with_extension("so");
        fs::write(&file, elf).with_context(|| format!("could not write {}", file.display()))
    })
}

/// Copies the files that git tracks or would add.
fn copy_sources(from: &Path, to: &Path) -> Result<()> {
    let output = Command::new("git")
        .current_dir(from)
        .args([
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
        ])
        .output()
        .context("could not start git, which lists the files to copy")?;
    ensure!(
        output.status.success(),
        "git does not list the files to copy: {}",
        String::from_utf8_lossy(&output.stderr).trim()
    );
    for name in String::from_utf8(output.stdout)?.split_terminator('\0') {
        let (source, copy) = (from.join(name), to.join(name));
        // Git also lists tracked files that are deleted but not committed.
        if !source.exists() {
            continue;
        }
        let parent = copy.parent().map_or_else(PathBuf::new, Path::to_owned);
        fs::create_dir_all(parent)
            .and_then(|()| fs::copy(&source, &copy))
            .with_context(|| format!("could not copy {}", source.display()))?;
    }
    Ok(())
}
