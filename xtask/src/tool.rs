//! Programs that tests need beyond `build-essential`, from Debian packages that are unpacked into the
//! cache, not installed.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use crate::{
    apt::{self, Apt},
    steps::{self, Step},
};

/// Programs that come together.
pub struct Tool {
    /// The folder's name in the cache.
    pub name: &'static str,
    /// Debian packages of the system's apt sources. Their names carry the version where Debian has
    /// several; a change of this list unpacks them anew.
    pub packages: &'static [&'static str],
}

/// LLVM's linker, which Debian's Rust does not include.
pub const LLD: Tool = Tool {
    name: "lld",
    packages: &["lld-19"],
};

impl Tool {
    /// Unpacks the packages, and those that they depend on and the system lacks, if they are not
    /// unpacked yet.
    pub fn unpack(&self, cache: &Path) -> Result<Unpacked> {
        let folder = cache.join("tools").join(self.name);
        let root = folder.join("root");
        let step = Step {
            name: "packages",
            title: format!("Debian's {}", self.packages.join(", ")),
            recipe: self.packages.join(" "),
            work: Box::new(|progress| {
                apt::require_debian()?;
                let apt = Apt::of_system(folder.join("apt"), progress)?;
                apt.update()?;
                apt.unpack(&apt.closure(self.packages)?, &root)
            }),
        };
        steps::run(&folder, &[step], 1)
            .with_context(|| format!("could not unpack {}", self.name))?;
        Ok(Unpacked { root })
    }
}

/// An unpacked tool.
pub struct Unpacked {
    root: PathBuf,
}

impl Unpacked {
    /// The path of one of its programs.
    pub fn program(&self, name: &str) -> Result<PathBuf> {
        let program = self.root.join("usr/bin").join(name);
        ensure!(program.exists(), "there is no {}", program.display());
        Ok(program)
    }

    /// The folder of its C headers.
    pub fn headers(&self) -> PathBuf {
        self.root.join("usr/include")
    }

    /// The folder of its libraries, for `LD_LIBRARY_PATH` or a linker.
    pub fn libraries(&self) -> PathBuf {
        self.root.join("usr/lib").join(apt::multiarch())
    }
}
