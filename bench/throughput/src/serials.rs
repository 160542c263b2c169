//! What a lot of a million units takes before the ledger has a part in it: `pedigree lot mint
//! --generate` draws the serial numbers and writes the manifest, with salts, tree and index.

use std::{
    env,
    ops::ControlFlow,
    process::Command,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use clap::{Args, value_parser};
use pedigree_manifest::{Lot, Manifest, SerialList};
use program_tests::{
    address,
    world::{GTIN, lot_number},
};
use wait4::Wait4 as _;

use crate::partners::EXPIRY;

/// The command that is the process in which it is measured.
pub const COMMAND: &str = "write-manifest";

/// Options of this part.
#[derive(Args, Clone, Copy, Debug, PartialEq, Eq)]
#[group(skip)]
pub struct Settings {
    /// Units of the one lot whose manifest is written
    #[arg(long, default_value_t = 1_000_000, value_parser = value_parser!(u32).range(1..))]
    pub manifest_units: u32,
}

/// What the manifest took.
pub struct Findings {
    /// From the start of the process to its end.
    pub elapsed: Duration,
    pub cpu: Duration,
    /// The most that the process had in memory, in bytes.
    pub peak_memory: u64,
}

/// Measures it in a process of its own.
pub fn run(settings: &Settings) -> Result<Findings> {
    eprintln!("serials: {} units", settings.manifest_units);
    let start = Instant::now();
    let process = Command::new(env::current_exe()?)
        .args([COMMAND, &settings.manifest_units.to_string()])
        .spawn()
        .context("cannot start the process that writes the manifest")?;
    let ended = process.wait4()?;
    let elapsed = start.elapsed();
    ensure!(ended.status.success(), "the manifest was not written");
    Ok(Findings {
        elapsed,
        cpu: ended.rusage.utime + ended.rusage.stime,
        peak_memory: ended.rusage.maxrss,
    })
}

/// Is the process: writes a manifest of `units` units to a folder for temporary files.
pub fn write_manifest(units: u32) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let number = "MILLION";
    let lot = Lot {
        gtin: GTIN.number(),
        lot_number: number.to_owned(),
        expiry: EXPIRY.label(),
        address: address::lot(&address::product(GTIN), lot_number(number)).to_bytes(),
    };
    let list = SerialList::generate(units)?;
    let go_on = |_| ControlFlow::Continue(());
    let manifest = Manifest::create(folder.path().join(number), lot, &list, go_on)?;
    ensure!(
        manifest.units() == (0..units),
        "the manifest does not hold {units} units"
    );
    Ok(())
}
