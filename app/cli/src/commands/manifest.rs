//! `pedigree manifest`

use std::path::PathBuf;

use anstyle::AnsiColor;
use anyhow::{Result, ensure};
use clap::Subcommand;
use pedigree_client::{identifier::Expiry, reference::ConsignmentRef};
use pedigree_manifest::Manifest as File;
use pedigree_verify::manifest::check_manifest;
use serde::Serialize;
use solana_pubkey::Pubkey;

use crate::{
    answer::Answer,
    context::Context,
    meter::meter,
    output::{Report, fields, paint},
};

/// A lot's serial numbers, kept off the ledger in one file.
#[derive(Subcommand)]
pub enum Manifest {
    /// Show a manifest's lot, and a unit if one is named
    Show {
        file: PathBuf,
        /// Look this serial number up
        #[arg(long)]
        serial: Option<String>,
    },
    /// Check a manifest: recompute its root and compare it with the ledger's
    ///
    /// Exit code 1 if it is not the manifest that the lot was minted with, or not complete.
    Check { file: PathBuf },
    /// Write an extract of a manifest: only what a consignment's receiver needs
    Extract {
        file: PathBuf,
        /// The consignment: its address, GTIN/LOT[#UNIT], or its SSCC
        #[arg(long)]
        consignment: ConsignmentRef,
        /// The new file
        #[arg(long, value_name = "FILE")]
        to: PathBuf,
    },
}

impl Manifest {
    pub async fn run(self, context: &Context) -> Result<Answer> {
        match self {
            Self::Show { file, serial } => show(context, &File::open(file)?, serial.as_deref()),
            Self::Check { file } => check(context, &File::open(file)?).await,
            Self::Extract {
                file,
                consignment,
                to,
            } => {
                let whole = File::open(file)?;
                let consignment = consignment.resolve(&context.ledger).await?;
                ensure!(
                    consignment.lot == lot_address(&whole),
                    "this consignment is of another lot than the manifest"
                );
                let first = consignment.first_unit;
                let part = whole.extract(
                    first..first.saturating_add(consignment.quantity),
                    to,
                    meter(context).on_progress(),
                )?;
                context.print(&ManifestReport::new(&part, None)?);
                Ok(Answer::Yes)
            }
        }
    }
}

fn show(context: &Context, manifest: &File, serial: Option<&str>) -> Result<Answer> {
    let report = ManifestReport::new(manifest, serial)?;
    let is_there = serial.is_none() || report.unit.is_some();
    context.print(&report);
    Ok(is_there.into())
}

async fn check(context: &Context, manifest: &File) -> Result<Answer> {
    let progress = meter(context).on_progress();
    let flaw = check_manifest(&context.ledger, manifest, progress).await?;
    let proven = flaw.is_none();
    context.print(&CheckReport {
        proven,
        finding: flaw.map(|flaw| flaw.to_string()),
        lot: lot_address(manifest).to_string(),
        first_unit: manifest.units().start,
        units: manifest.units().len(),
    });
    Ok(proven.into())
}

/// The address of the lot that a manifest is of.
fn lot_address(manifest: &File) -> Pubkey {
    Pubkey::from(manifest.lot().address)
}

#[derive(Serialize)]
struct ManifestReport {
    gtin: String,
    lot_number: String,
    expiry: Expiry,
    lot: String,
    quantity: u32,
    first_unit: u32,
    units: usize,
    serial_root: String,
    manifest_hash: String,
    unit: Option<UnitReport>,
}

#[derive(Serialize)]
struct UnitReport {
    index: u32,
    serial: String,
    package: Option<String>,
}

impl ManifestReport {
    fn new(manifest: &File, serial: Option<&str>) -> Result<Self> {
        let lot = manifest.lot();
        let unit = match serial {
            Some(serial) => manifest.find(serial)?,
            None => None,
        };
        Ok(Self {
            gtin: format!("{:014}", lot.gtin),
            lot_number: lot.lot_number.clone(),
            expiry: Expiry::from_account(lot.expiry),
            lot: lot_address(manifest).to_string(),
            quantity: manifest.quantity(),
            first_unit: manifest.units().start,
            units: manifest.units().len(),
            serial_root: hex::encode(manifest.root()),
            manifest_hash: hex::encode(manifest.manifest_hash()),
            unit: unit.map(|unit| UnitReport {
                index: unit.index,
                serial: unit.serial,
                package: unit.package.map(|sscc| format!("{sscc:018}")),
            }),
        })
    }
}

impl Report for ManifestReport {
    fn text(&self) -> String {
        let lot = fields([
            ("GTIN", self.gtin.clone()),
            ("Lot", self.lot_number.clone()),
            ("Expiry", self.expiry.to_string()),
            ("Units in the lot", self.quantity.to_string()),
            (
                "Units in the file",
                format!("{} from unit {}", self.units, self.first_unit),
            ),
            ("Serial root", self.serial_root.clone()),
            ("Manifest hash", self.manifest_hash.clone()),
            ("Account", self.lot.clone()),
        ]);
        match &self.unit {
            None => lot,
            Some(unit) => format!(
                "{lot}\n{}",
                fields([
                    ("Serial", unit.serial.clone()),
                    ("Unit", unit.index.to_string()),
                    (
                        "Package",
                        unit.package.clone().unwrap_or_else(|| "none".to_owned())
                    ),
                ])
            ),
        }
    }
}

#[derive(Serialize)]
struct CheckReport {
    proven: bool,
    /// What is wrong.
    finding: Option<String>,
    lot: String,
    first_unit: u32,
    units: usize,
}

impl Report for CheckReport {
    fn text(&self) -> String {
        match &self.finding {
            None => format!(
                "{} all {} units from unit {} on are those that were minted",
                paint(AnsiColor::Green, "proven:"),
                self.units,
                self.first_unit
            ),
            Some(finding) => format!(
                "{} {finding}; ask the manufacturer for the manifest again",
                paint(AnsiColor::Red, "not proven:")
            ),
        }
    }
}
