//! `cargo xtask test`: every check that a change has to pass, one after another.

use std::{
    process::Command,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use clap::ValueEnum;

use crate::{
    binaries, cargo, idl, programs, reproduce, toolchain::Choice, wasm, workspace::Workspace,
};

/// The steps in their order: fast ones first, and each after those that it builds on.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Step {
    /// The code is formatted.
    Fmt,
    /// The on-chain programs compile, to the committed hashes.
    Programs,
    /// The committed IDLs match the programs.
    Idl,
    /// Clippy finds nothing, also in the command without its embedded node.
    Clippy,
    /// The documentation builds without a warning.
    Doc,
    /// The committed compute units match the programs.
    Bench,
    /// The rules and the scan parser compile for WebAssembly, to the module that a test runs.
    Wasm,
    /// Unit, program and end-to-end tests pass.
    Test,
}

impl Step {
    fn run(self, workspace: &Workspace, toolchain: Choice) -> Result<()> {
        match self {
            Self::Fmt => {
                // `cargo fmt` does not take the flags that the other commands share.
                let mut fmt = Command::new(cargo::program());
                cargo::run(
                    fmt.current_dir(&workspace.root)
                        .args(["fmt", "--all", "--check"]),
                )
                .context("run `cargo fmt --all`")
            }
            Self::Programs => {
                let hashes = programs::build(workspace, toolchain)?;
                reproduce::check(workspace, &hashes)
            }
            Self::Idl => idl::check(workspace),
            Self::Clippy => {
                clippy(workspace, &["--all-targets"])?;
                // The command without its embedded node, as a till builds it. All others keep their features,
                // so that nothing else is compiled again.
                clippy(
                    workspace,
                    &["--no-default-features", "--features", DEFAULTS_OF_OTHERS],
                )
            }
            Self::Doc => cargo::run(
                cargo::command(workspace, "doc")?
                    .args(["--workspace", "--no-deps"])
                    .env("RUSTDOCFLAGS", "--deny warnings"),
            ),
            Self::Bench => {
                programs::build_floor(workspace, toolchain)?;
                binaries::bench(workspace, true)
            }
            Self::Wasm => wasm::build(workspace),
            Self::Test => cargo::run(
                cargo::command(workspace, "test")?
                    .arg("--workspace")
                    // The folder in which solana-program-test looks for programs, under its newer and
                    // its older name.
                    .env("SBF_OUT_DIR", workspace.deploy())
                    .env("BPF_OUT_DIR", workspace.deploy()),
            ),
        }
    }

    fn name(self) -> String {
        self.to_possible_value()
            .map_or_else(String::new, |value| value.get_name().to_owned())
    }
}

/// The default features of every package but the command's.
const DEFAULTS_OF_OTHERS: &str = "pedigree-registry/default,pedigree-custody/default,\
    pedigree-recall/default,pedigree-scan/default";

fn clippy(workspace: &Workspace, what: &[&str]) -> Result<()> {
    let mut clippy = cargo::command(workspace, "clippy")?;
    cargo::run(
        clippy
            .arg("--workspace")
            .args(what)
            .args(["--", "--deny", "warnings"]),
    )
}

/// Runs the steps in `only`, or all of them, up to the first that fails.
pub fn run(workspace: &Workspace, toolchain: Choice, only: &[Step]) -> Result<()> {
    let mut timings = Vec::new();
    for &step in Step::value_variants() {
        if !only.is_empty() && !only.contains(&step) {
            continue;
        }
        let name = step.name();
        eprintln!("==> {name}");
        let start = Instant::now();
        step.run(workspace, toolchain).with_context(|| {
            format!("step {name} failed; `cargo xtask test --only {name}` runs it alone")
        })?;
        timings.push(format!("{name} {}", seconds(start.elapsed())));
    }
    eprintln!("all passed: {}", timings.join(", "));
    Ok(())
}

fn seconds(time: Duration) -> String {
    match time.as_secs() {
        0..60 => format!("{:.1} s", time.as_secs_f32()),
        whole => format!("{} min {:02} s", whole / 60, whole % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_in_seconds_or_minutes() {
        assert_eq!(seconds(Duration::from_millis(340)), "0.3 s");
        assert_eq!(seconds(Duration::from_millis(59_900)), "59.9 s");
        assert_eq!(seconds(Duration::from_secs(605)), "10 min 05 s");
    }
}
