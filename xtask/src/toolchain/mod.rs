//! The toolchains that compile the on-chain programs: Solana's platform tools if they are installed, else
//! Debian packages and crates.

mod debian;
mod platform_tools;
mod versions;

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use clap::ValueEnum;

use crate::workspace::{ProgramCrate, Workspace};
use platform_tools::PlatformTools;

pub use debian::Debian;
pub use versions::Versions;

/// The toolchain that the command line asks for.
#[derive(Clone, Copy, Default, ValueEnum)]
pub enum Choice {
    /// Platform tools if they are installed, else Debian packages.
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
    /// Picks a toolchain, and sets it up unless it is the Solana tools.
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

    /// The versions of its parts.
    pub fn versions(&self) -> Result<Versions> {
        match self {
            Self::PlatformTools(tools) => Ok(tools.versions()),
            Self::Debian(tools) => tools.versions(),
        }
    }

    /// Compiles programs and returns the paths of the ELF files, in their order.
    pub fn compile(
        &self,
        workspace: &Workspace,
        programs: &[ProgramCrate],
    ) -> Result<Vec<PathBuf>> {
        match self {
            Self::PlatformTools(tools) => tools.compile(workspace, programs),
            Self::Debian(tools) => tools.compile(workspace, programs),
        }
    }
}
