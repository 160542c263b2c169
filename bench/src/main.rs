//! Measures what each instruction of the compiled programs costs and writes it to
//! `bench/compute_units.md`, or checks that the figures there are still true.
//!
//! The keys, and hence the addresses, their bumps and the figures, are the same in every run.

mod measurement;
mod peers;
mod programs;

mod table;

use std::{fs, path::Path, process::Command};

use anyhow::{Context, Result, bail};
use clap::Parser;

/// Measures compute units, bytes and rent of every instruction.
#[derive(Parser)]
#[command(name = "cargo xtask bench")]
struct Arguments {
    /// Fail if a figure differs from the committed table, instead of writing it
    #[arg(long)]
    check: bool,
}

fn main() -> Result<()> {
    let Arguments { check } = Arguments::parse();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("compute_units.md");
    let (mut measurements, summary) = programs::run();
    measurements.extend(peers::run());
    if !check {
        let table = table::render(&measurements, &summary, &last_commit()?);
        fs::write(&path, &table).with_context(|| format!("cannot write {}", path.display()))?;
        println!("{table}");
        return Ok(());
    }
    let committed = fs::read_to_string(&path)
        .with_context(|| format!("cannot read {}: run `cargo xtask bench`", path.display()))?;
    let regressions = table::regressions(&committed, &measurements);
    if !regressions.is_empty() {
        bail!("over 2 % worse:\n{}", regressions.join("\n"));
    }
    let measured = table::render(&measurements, &summary, &committed);
    let differences = table::differences(&committed, &measured);
    if !differences.is_empty() {
        bail!(
            "figures changed:\n{}\nIf that is meant, run `cargo xtask bench` and commit {}.",
            differences.join("\n"),
            path.display()
        );
    }
    Ok(())
}

/// The table of the last commit; nothing if there is none.
fn last_commit() -> Result<String> {
    let output = Command::new("git")
        .args(["show", "HEAD:./compute_units.md"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .context("cannot start git")?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
