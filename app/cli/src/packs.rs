//! Single packs of a lot, as commands name them: by unit number or by serial number.

use std::path::PathBuf;

use anyhow::{Context as _, Result};
use clap::Args;
use pedigree_client::units::UnitList;
use pedigree_manifest::Manifest;
use pedigree_verify::membership::units;
use solana_pubkey::Pubkey;

/// Single packs of a lot, by their numbers or serial numbers.
#[derive(Args)]
#[group(required = true, multiple = true)]
pub struct Packs {
    /// The packs, by their unit numbers in the lot: 17,20-24
    #[arg(long, value_name = "UNITS", conflicts_with = "serial")]
    units: Option<UnitList>,
    /// The packs, by their serial numbers
    #[arg(
        long,
        value_name = "SERIAL",
        value_delimiter = ',',
        requires = "manifest"
    )]
    serial: Vec<String>,
    /// The manifest in which the serial numbers are looked up
    #[arg(long, value_name = "FILE", requires = "serial")]
    manifest: Option<PathBuf>,
}

impl Packs {
    /// Their indices in the lot at `lot`, ascending.
    pub fn units(&self, lot: &Pubkey) -> Result<Vec<u32>> {
        if let Some(UnitList(units)) = &self.units {
            return Ok(units.clone());
        }
        let file = self.manifest.as_ref().context("name the packs")?;
        let units = units(&Manifest::open(file)?, lot, &self.serial);
        units.with_context(|| file.display().to_string())
    }
}
