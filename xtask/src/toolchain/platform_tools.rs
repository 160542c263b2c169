//! Solana's own toolchain, through `cargo build-sbf`.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::Result;
use semver::Version;

use super::versions::Versions;
use crate::{
    cargo,
    rustc::parse_version,
    target_folder,
    workspace::{ProgramCrate, Workspace},
};

pub struct PlatformTools {
    /// Such as `v1.53`.
    version: String,
    rustc: Version,
}

impl PlatformTools {
    /// The tools, if `cargo build-sbf` and its compiler are installed.
    pub fn find() -> Option<Self> {
        let output = Command::new(cargo::program())
            .args(["build-sbf", "--version"])
            .stderr(Stdio::null())
            .output()
            .ok()
            .filter(|output| output.status.success())?;
        Self::parse(&String::from_utf8_lossy(&output.stdout))
    }

    /// Reads what `cargo build-sbf --version` prints, which names a rustc only if that rustc runs.
    fn parse(text: &str) -> Option<Self> {
        Some(Self {
            version: text
                .lines()
                .find_map(|line| line.strip_prefix("platform-tools "))?
                .to_owned(),
            rustc: text.lines().find_map(parse_version)?,
        })
    }

    pub fn versions(&self) -> Versions {
        Versions {
            compiler: format!("rustc {} of platform tools {}", self.rustc, self.version),
            linker: format!("lld of platform tools {}", self.version),
        }
    }

    /// Compiles programs and returns the paths of the ELF files, in their order.
    pub fn compile(
        &self,
        workspace: &Workspace,
        programs: &[ProgramCrate],
    ) -> Result<Vec<PathBuf>> {
        let target = target_folder::claim(workspace, "platform-tools")?;
        programs
            .iter()
            .map(|program| self.compile_one(workspace, program, &target))
            .collect()
    }

    fn compile_one(
        &self,
        workspace: &Workspace,
        program: &ProgramCrate,
        target: &Path,
    ) -> Result<PathBuf> {
        let deploy = target.join("deploy");
        // `cargo build-sbf` starts `cargo +<its toolchain>`, which only rustup's cargo understands.
        let mut build = Command::new("cargo");
        cargo::isolate(&mut build);
        cargo::run(
            build
                .args(["build-sbf", "--arch", "v3", "--manifest-path"])
                .arg(program.folder.join("Cargo.toml"))
                .arg("--sbf-out-dir")
                .arg(&deploy)
                .arg("--")
                .args(cargo::flags(workspace, &self.rustc))
                .env("CARGO_TARGET_DIR", target),
        )?;
        Ok(deploy.join(&program.library).with_extension("so"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn installed_tools_name_their_rustc() {
        let text = "solana-cargo-build-sbf 4.0.0\nplatform-tools v1.53\nrustc 1.89.0\n";
        let tools = PlatformTools::parse(text).unwrap();
        assert_eq!(
            tools.versions().compiler,
            "rustc 1.89.0 of platform tools v1.53"
        );
    }

    #[test]
    fn tools_without_a_rustc_do_not_count() {
        let text = "solana-cargo-build-sbf 4.0.0\nplatform-tools v1.53\n\n";
        assert!(PlatformTools::parse(text).is_none());
    }
}
