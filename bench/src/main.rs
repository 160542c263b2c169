//! Measures what each instruction of the compiled programs costs and writes it to
//! `bench/compute_units.md`, or checks that the figures there are still true.
//!
//! The keys, and so the addresses and their bumps, are the same in every run: so are the figures.

mod measurement;
mod scenario;
mod table;

use std::{fs, path::Path};

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
    let table = table::render(&scenario::run());
    if !check {
        fs::write(&path, &table).with_context(|| format!("cannot write {}", path.display()))?;
        println!("{table}");
        return Ok(());
    }
    let committed = fs::read_to_string(&path)
        .with_context(|| format!("cannot read {}: run `cargo xtask bench`", path.display()))?;
    let changes = table::changes(&committed, &table);
    if !changes.is_empty() {
        bail!(
            "figures changed:\n{}\nIf that is meant, run `cargo xtask bench` and commit {}.",
            changes.join("\n"),
            path.display()
        );
    }
    Ok(())
}
