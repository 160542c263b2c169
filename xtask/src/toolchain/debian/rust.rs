//! The unpacked Rust packages' programs, free of the caller's toolchain settings.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::Result;
use semver::Version;

use crate::{apt, cargo, rustc};

/// Debian's Rust, unpacked into a folder.
pub struct Rust {
    root: PathBuf,
}

impl Rust {
    /// The Rust whose packages are, or will be, unpacked into `root`.
    pub fn at(root: &Path) -> Self {
        Self {
            root: root.to_owned(),
        }
    }

    /// Its cargo, which compiles with its rustc. Both take unstable options, as on a nightly.
    pub fn cargo(&self) -> Command {
        let mut cargo = self.program("cargo");
        cargo
            .env("RUSTC", self.path_of("rustc"))
            .env("RUSTDOC", self.path_of("rustdoc"))
            // Set in a configuration file, a wrapper would escape the isolation.
            .env("RUSTC_WRAPPER", "")
            .env("RUSTC_BOOTSTRAP", "1");
        cargo
    }

    /// One of its programs.
    pub fn program(&self, name: &str) -> Command {
        let mut program = Command::new(self.path_of(name));
        cargo::isolate(&mut program);
        program.env("LD_LIBRARY_PATH", self.libraries());
        program
    }

    pub fn version(&self) -> Result<Version> {
        rustc::version(&mut self.program("rustc"))
    }

    /// The folder of its shared libraries.
    pub fn libraries(&self) -> PathBuf {
        self.root.join("usr/lib").join(apt::multiarch())
    }

    /// The standard library's sources.
    pub fn sources(&self) -> Result<PathBuf> {
        let folder = format!("usr/src/rustc-{}/library", self.version()?);
        Ok(self.root.join(folder))
    }

    fn path_of(&self, program: &str) -> PathBuf {
        self.root.join("usr/bin").join(program)
    }
}
