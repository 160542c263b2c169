//! The four steps that make the toolchain.

use std::{
    fs,
    os::unix::fs::{PermissionsExt, symlink},
    path::Path,
    process::Command,
};

use anyhow::{Context, Result, ensure};
use semver::Version;

use super::{rust::Rust, target};
use crate::{
    apt::{self, Apt, multiarch},
    steps::{self, Progress, Step},
};

pub const LINKER_VERSION: &str = "0.2.6";
/// The LLVM that this version of the linker is written for.
const LLVM: &str = "23";
/// The package that has that LLVM.
pub const LLVM_PACKAGE: &str = "libllvm23";
/// The oldest rustc that is known to compile the programs this way.
const OLDEST_RUSTC: Version = Version::new(1, 96, 0);

/// Starts the linker with the libraries that it was linked against, glibc included, since they are
/// newer than the system's.
const LINKER_SCRIPT: &str = r#"#!/bin/sh
toolchain=$(dirname "$(dirname "$(readlink -f "$0")")")
libraries=$(echo "$toolchain"/llvm/usr/lib/*-linux-gnu)
exec "$libraries"/ld-linux-*.so.* --library-path "$libraries" "$toolchain/linker/bin/sbpf-linker" "$@"
"#;

/// Brings the toolchain in `folder` up to date; does nothing if it is.
pub fn run(folder: &Path) -> Result<()> {
    let steps = steps(folder)?;
    steps::run(folder, &steps, steps.len())
}

/// Brings only Debian's Rust, the toolchain's first step, up to date.
pub fn run_rust(folder: &Path) -> Result<()> {
    steps::run(folder, &steps(folder)?, 1)
}

fn steps(folder: &Path) -> Result<[Step<'_>; 4]> {
    Ok([
        Step {
            name: "rust",
            title: "Debian's rustc, cargo and library sources".to_owned(),
            recipe: "rustc-web cargo-web rust-web-src, listed, std patched for bpf".to_owned(),
            work: Box::new(|progress| rust_packages(folder, progress)),
        },
        Step {
            name: "llvm",
            title: format!("LLVM {LLVM} from Debian unstable"),
            recipe: format!("{LLVM_PACKAGE}, listed"),
            work: Box::new(|progress| llvm(folder, progress)),
        },
        Step {
            name: "linker",
            title: format!("sbpf-linker {LINKER_VERSION}, compiled (one to three minutes)"),
            recipe: format!("sbpf-linker {LINKER_VERSION} llvm {LLVM}"),
            work: Box::new(|progress| linker(folder, progress)),
        },
        Step {
            name: "target",
            title: "the sBPF target".to_owned(),
            recipe: format!("{LINKER_SCRIPT}{}", target::specification("{}")?),
            work: Box::new(|progress| sbpf_target(folder, progress)),
        },
    ])
}

/// The Rust in the toolchain's folder.
pub fn rust(folder: &Path) -> Rust {
    Rust::at(&folder.join("rust"))
}

fn rust_packages(folder: &Path, progress: &Progress) -> Result<()> {
    apt::require_debian().context("without a Debian system, install the Solana tools instead")?;
    let apt = Apt::of_system(folder.join("apt-system"), progress)?;
    apt.update()?;
    let package_version = apt.candidate("rustc-web")?;
    let version = upstream_version(&package_version).with_context(|| {
        format!("rustc-web's version {package_version} does not start with three numbers")
    })?;
    ensure!(
        version >= OLDEST_RUSTC,
        "this machine's apt sources have rustc-web {version}, older than {OLDEST_RUSTC}; \
         add Debian's security updates to them"
    );
    for package in ["cargo-web", "rust-web-src"] {
        let other = apt.candidate(package)?;
        ensure!(
            other == package_version,
            "{package} is at {other} but rustc-web at {package_version}; \
             the mirror is being updated, so try again later"
        );
    }

    let library = format!("libstd-rust-web-{}.{}", version.major, version.minor);
    let packages = apt.closure(&[
        "rustc-web",
        "cargo-web",
        "rust-web-src",
        "libstd-rust-web-dev",
        &library,
    ])?;
    apt.unpack(&packages, &folder.join("rust"))?;

    let sources = rust(folder).sources()?;
    ensure!(
        sources.is_dir(),
        "rustc {version} comes without library sources in {}",
        sources.display()
    );
    target::patch_std(&sources)
}

fn llvm(folder: &Path, progress: &Progress) -> Result<()> {
    let system = Apt::of_system(folder.join("apt-system"), progress)?;
    let mirror = system.mirror()?;
    let unstable = Apt::of_suite(folder.join("apt-unstable"), &mirror, "sid", progress)?;
    unstable.update()?;
    unstable.candidate(LLVM_PACKAGE).with_context(|| {
        format!("Debian unstable no longer has {LLVM_PACKAGE}; xtask needs an update")
    })?;
    let packages = unstable.closure(&[LLVM_PACKAGE])?;
    let unpacked = folder.join("llvm");
    unstable.unpack(&packages, &unpacked)?;

    // The name to link against is in a development package of 50 MB, of which nothing else is needed.
    let link_folder = unpacked.join("prefix/lib");
    fs::create_dir_all(&link_folder)?;
    let library = unpacked
        .join("usr/lib")
        .join(multiarch())
        .join(format!("libLLVM-{LLVM}.so"));
    ensure!(
        library.exists(),
        "{LLVM_PACKAGE} has no {}",
        library.display()
    );
    symlink(library, link_folder.join("libLLVM.so"))?;
    Ok(())
}

fn linker(folder: &Path, progress: &Progress) -> Result<()> {
    let scratch = folder.join("linker-build");
    progress.run(
        rust(folder)
            .cargo()
            .args(["install", "--locked", "--force", "--no-default-features"])
            .args(["--features", &format!("bpf-linker/llvm-{LLVM}")])
            // LLVM does the work; optimising the rest would double the time of this step.
            .args(["--debug", "--config", "profile.dev.debug=false"])
            .args(["--config", "profile.dev.debug-assertions=false"])
            .args(["--config", "profile.dev.overflow-checks=false"])
            .arg("--root")
            .arg(folder.join("linker"))
            .arg(format!("sbpf-linker@{LINKER_VERSION}"))
            .env("CARGO_TARGET_DIR", &scratch)
            .env("LLVM_PREFIX", folder.join("llvm/prefix"))
            // LLVM's libraries need symbols of a newer glibc than the one that is linked here.
            .env("RUSTFLAGS", "-Clink-arg=-Wl,--allow-shlib-undefined"),
    )?;
    fs::remove_dir_all(scratch)?;
    Ok(())
}

fn sbpf_target(folder: &Path, progress: &Progress) -> Result<()> {
    let programs = folder.join("bin");
    fs::create_dir_all(&programs)?;
    let script = programs.join("sbpf-linker");
    fs::write(&script, LINKER_SCRIPT)?;
    fs::set_permissions(&script, fs::Permissions::from_mode(0o755))?;
    progress
        .run(Command::new(script).arg("--version"))
        .context("the linker does not start")?;

    let output = rust(folder)
        .program("rustc")
        .args(["-Zunstable-options", "--print=target-spec-json"])
        .arg("--target=bpfel-unknown-none")
        .env("RUSTC_BOOTSTRAP", "1")
        .output()?;
    ensure!(
        output.status.success(),
        "rustc has no BPF target: {}",
        String::from_utf8_lossy(&output.stderr).trim()
    );
    let bpf = String::from_utf8(output.stdout)?;
    fs::write(target::spec_file(folder), target::specification(&bpf)?)?;
    Ok(())
}

/// Reads `1.96.0` from a package version such as `1.96.0+dfsg1-1~deb12u2`.
fn upstream_version(package_version: &str) -> Option<Version> {
    let end = package_version
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(package_version.len());
    Version::parse(&package_version[..end]).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_version_starts_with_upstreams() {
        let read = upstream_version("1.96.0+dfsg1-1~deb12u2");
        assert_eq!(read, Some(Version::new(1, 96, 0)));
        assert_eq!(upstream_version("1.100.1"), Some(Version::new(1, 100, 1)));
        assert_eq!(upstream_version("1:1.96.0-1"), None);
    }
}
