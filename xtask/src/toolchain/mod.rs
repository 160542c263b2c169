//! What compiles the on-chain programs: Solana's platform tools where they are installed, else a
//! toolchain made of Debian packages and crates.

mod debian;
mod platform_tools;

use std::{
    fmt,
    path::{Path, PathBuf},
};

use anyhow::{Result, bail};
use clap::ValueEnum;

use crate::workspace::{Program, Workspace};
use debian::Debian;
use platform_tools::PlatformTools;

/// The toolchain as asked for on the command line.
#[derive(Clone, Copy, Default, ValueEnum)]
pub enum Choice {
    /// Platform tools where they are installed, else Debian packages.
    #[default]
    Auto,
    /// `cargo build-sbf` of the Solana tools.
    PlatformTools,
    /// Debian's rustc and LLVM with sbpf-linker, set up in the cache folder on first use.
    Debian,
}

/// A toolchain that is ready to compile.
pub enum Toolchain {
    PlatformTools(PlatformTools),
    Debian(Debian),
}

impl Toolchain {
    /// Picks a toolchain, and sets it up where that is ours to do.
    pub fn prepare(choice: Choice, cache: &Path) -> Result<Self> {
        let installed = match choice {
            Choice::Debian => None,
            Choice::Auto | Choice::PlatformTools => PlatformTools::find(),
        };
        match (installed, choice) {
            (Some(tools), _) => Ok(Self::PlatformTools(tools)),
            (None, Choice::PlatformTools) => bail!(
                "`cargo build-sbf` or its platform tools are missing; install the Solana tools, \
                 then run `cargo build-sbf --install-only`"
            ),
            (None, _) => Ok(Self::Debian(Debian::prepare(cache)?)),
        }
    }

    /// Compiles one program and returns where the ELF file is.
    pub fn compile(&self, workspace: &Workspace, program: &Program) -> Result<PathBuf> {
        match self {
            Self::PlatformTools(tools) => tools.compile(workspace, program),
            Self::Debian(tools) => tools.compile(workspace, program),
        }
    }
}

impl fmt::Display for Toolchain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::PlatformTools(tools) => tools.fmt(f),
            Self::Debian(tools) => tools.fmt(f),
        }
    }
}
