//! A toolchain made of Debian packages and crates alone, unpacked into the cache folder. Nothing
//! is installed on the system, its package sources stay as they are, and no step needs root.
//!
//! Debian's stable rustc has LLVM's BPF back end but no library sources from rustup, so both come
//! from Debian at the same version. Its LLVM refuses functions of more than five arguments; the
//! bitcode is therefore compiled by `sbpf-linker` with Debian unstable's newer LLVM.

mod rust;
mod setup;
mod target;

use std::{
    env,
    ffi::OsString,
    fmt,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use semver::Version;

use crate::{
    cargo, rustc, target_folder,
    workspace::{Program, Workspace},
};

pub struct Debian {
    folder: PathBuf,
    rustc: Version,
}

impl Debian {
    /// Sets up whatever part of the toolchain is missing or out of date.
    pub fn prepare(cache: &Path) -> Result<Self> {
        let folder = cache.join("sbpf");
        setup::run(&folder)
            .context("could not set up the sBPF toolchain; `cargo build-sbf` would do instead")?;
        let rustc = rustc::version(&mut rust::program(&folder, "rustc"))?;
        Ok(Self { folder, rustc })
    }

    pub fn compile(&self, workspace: &Workspace, program: &Program) -> Result<PathBuf> {
        let target_folder = target_folder::claim(workspace, "sbpf")?;
        let mut build = rust::cargo(&self.folder);
        cargo::run(
            build
                .current_dir(&workspace.root)
                .args(["build", "--release", "--lib", "--package", &program.package])
                .arg("--target")
                .arg(target::spec_file(&self.folder))
                .args(["-Zjson-target-spec", "-Zbuild-std=std,panic_abort"])
                // None of std's default features: they bring in unwinding and backtraces.
                .arg("-Zbuild-std-features=")
                .args(cargo::flags(workspace, &self.rustc))
                // The compiler's and cargo's unstable options, on a stable release.
                .env("RUSTC_BOOTSTRAP", "1")
                // std's build script is to take a target that it has never heard of.
                .env("RUSTC_BOOTSTRAP_SYNTHETIC_TARGET", "1")
                .envs(cargo::HASHED_LIBRARY_NAMES)
                .env("PATH", self.path_with_linker()?)
                .env("CARGO_ENCODED_RUSTFLAGS", self.rustflags()?)
                .env("CARGO_TARGET_DIR", &target_folder),
        )?;
        Ok(target_folder
            .join(target::NAME)
            .join("release")
            .join(format!("lib{}.so", program.library)))
    }

    /// The linker goes by its bare name in the target's specification, whose text is hashed into
    /// the names of symbols.
    fn path_with_linker(&self) -> Result<OsString> {
        let path = env::var_os("PATH").unwrap_or_default();
        let folders = [self.folder.join("bin")]
            .into_iter()
            .chain(env::split_paths(&path));
        env::join_paths(folders).context("the cache folder's path must not contain `:`")
    }

    /// The target's flags, and those that give sources outside the workspace the same paths on
    /// every machine, since some end up in the programs.
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

impl fmt::Display for Debian {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Debian's rustc {} and sbpf-linker {} on LLVM {}",
            self.rustc,
            setup::LINKER_VERSION,
            setup::LLVM
        )
    }
}
