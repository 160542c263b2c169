//! A toolchain made of Debian packages and crates alone, unpacked into the cache folder. Nothing
//! is installed on the system, its package sources stay as they are, and no step needs root.
//!
//! Debian's stable rustc has LLVM's BPF back end, and Debian packages the library sources of the same
//! version, of which std for sBPF is compiled. Its LLVM refuses functions of more than five
//! arguments, so the bitcode is compiled by `sbpf-linker` with Debian unstable's newer LLVM.

mod rust;
mod setup;
mod target;

use std::{
    env,
    ffi::OsString,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

use super::versions::Versions;
use crate::{
    apt, cargo, target_folder,
    workspace::{ProgramCrate, Workspace},
};

pub use rust::Rust;

pub struct Debian {
    folder: PathBuf,
}

impl Debian {
    /// Sets up the parts of the toolchain that are missing or out of date.
    pub fn prepare(cache: &Path) -> Result<Self> {
        let folder = folder(cache);
        setup::run(&folder).context(
            "could not set up the sBPF toolchain; with `cargo build-sbf` installed, it is not needed",
        )?;
        Ok(Self { folder })
    }

    /// Sets up only Debian's Rust, which compiles for other targets than sBPF too.
    pub fn prepare_rust(cache: &Path) -> Result<Rust> {
        let folder = folder(cache);
        setup::run_rust(&folder).context("could not set up Debian's Rust")?;
        Ok(setup::rust(&folder))
    }

    pub fn versions(&self) -> Result<Versions> {
        let rust = self.folder.join("rust");
        let llvm = self.folder.join("llvm");
        Ok(Versions {
            compiler: format!("rustc-web {}", apt::unpacked_version(&rust, "rustc-web")?),
            linker: format!(
                "sbpf-linker {} on {} {}",
                setup::LINKER_VERSION,
                setup::LLVM_PACKAGE,
                apt::unpacked_version(&llvm, setup::LLVM_PACKAGE)?
            ),
        })
    }

    /// Compiles programs and returns the paths of the ELF files, in their order. One cargo call does it,
    /// so that what they share has the same features in all and compiles once.
    pub fn compile(
        &self,
        workspace: &Workspace,
        programs: &[ProgramCrate],
    ) -> Result<Vec<PathBuf>> {
        let target_folder = target_folder::claim(workspace, "sbpf")?;
        let rust = setup::rust(&self.folder);
        let mut build = rust.cargo();
        cargo::run(
            build
                .current_dir(&workspace.root)
                .args(["build", "--release", "--lib"])
                .args(
                    programs
                        .iter()
                        .flat_map(|program| ["--package", &program.package]),
                )
                .arg("--target")
                .arg(target::spec_file(&self.folder))
                .args(["-Zjson-target-spec", "-Zbuild-std=std,panic_abort"])
                // None of std's default features: they bring in unwinding and backtraces.
                .arg("-Zbuild-std-features=")
                .args(cargo::flags(workspace, &rust.version()?))
                // std's build script refuses unknown targets otherwise.
                .env("RUSTC_BOOTSTRAP_SYNTHETIC_TARGET", "1")
                .env("PATH", self.path_with_linker()?)
                .env("CARGO_ENCODED_RUSTFLAGS", self.rustflags()?)
                .env("CARGO_TARGET_DIR", &target_folder),
        )?;
        let release = target_folder.join(target::NAME).join("release");
        let file = |program: &ProgramCrate| release.join(format!("lib{}.so", program.library));
        Ok(programs.iter().map(file).collect())
    }

    /// The target's specification names the linker without its folder, because the specification's
    /// text is hashed into the names of symbols.
    fn path_with_linker(&self) -> Result<OsString> {
        let path = env::var_os("PATH").unwrap_or_default();
        let folders = [self.folder.join("bin")]
            .into_iter()
            .chain(env::split_paths(&path));
        env::join_paths(folders).context("the cache folder's path must not contain `:`")
    }

    /// The target's flags, and those that give sources outside the workspace the same paths on
    /// every machine, since some of these paths are in the programs.
    fn rustflags(&self) -> Result<OsString> {
        let mut flags: OsString = target::RUSTFLAGS.join("\x1f").into();
        let crates = cargo::home()?.join("registry/src");
        for (from, to) in [(crates.as_path(), "/crates"), (&self.folder, "/toolchain")] {
            flags.push("\x1f--remap-path-prefix=");
            flags.push(from);
            flags.push("=");
            flags.push(to);
        }
        Ok(flags)
    }
}

fn folder(cache: &Path) -> PathBuf {
    cache.join("sbpf")
}
