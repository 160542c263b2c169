//! `pedigree manifest`

use std::{ops::ControlFlow, path::PathBuf};

use anstyle::AnsiColor;
use anyhow::{Result, ensure};
use clap::Subcommand;
use indicatif::{ProgressBar, ProgressStyle};
use pedigree_client::{custody, identifier::Expiry};
use pedigree_manifest::{Manifest as File, Progress, Stage};
use serde::Serialize;
use solana_pubkey::Pubkey;

use crate::{
    Answer,
    arguments::ConsignmentRef,
    context::Context,
    output::{Report, fields, paint},
};

/// A lot's serial numbers, kept off the ledger in one file.
#[derive(Subcommand)]
pub enum Manifest {
    /// Show what a manifest says of its lot, and a unit if one is named
    Show {
        file: PathBuf,
        /// Look this serial number up
        #[arg(long)]
        serial: Option<String>,
    },
    /// Prove a manifest: compute its root again and compare it with the ledger's
    ///
    /// Exit code 1 if it is not the one that was minted, or not whole.
    Check { file: PathBuf },
    /// Write the part of a manifest that a consignment's receiver needs, and no more
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
                let (_, consignment) = consignment.get(&context.ledger).await?;
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
    Ok(if is_there { Answer::Yes } else { Answer::No })
}

async fn check(context: &Context, manifest: &File) -> Result<Answer> {
    let address = lot_address(manifest);
    let lot: custody::Lot = context.ledger.get(&address).await?;
    let finding = if lot.serial_root != *manifest.root() || lot.quantity != manifest.quantity() {
        Some("the ledger has another root for this lot".to_owned())
    } else {
        manifest
            .check(meter(context).on_progress())
            .err()
            .map(|error| error.to_string())
    };
    let proven = finding.is_none();
    context.print(&CheckReport {
        proven,
        finding,
        lot: address.to_string(),
        first_unit: manifest.units().start,
        units: manifest.units().len(),
    });
    Ok(if proven { Answer::Yes } else { Answer::No })
}

/// The address of the lot that a manifest is of.
pub fn lot_address(manifest: &File) -> Pubkey {
    Pubkey::from(manifest.lot().address)
}

/// A progress bar for work on a manifest, if there are people to see it.
pub fn meter(context: &Context) -> Meter {
    Meter(if context.is_for_people() {
        ProgressBar::no_length().with_style(
            ProgressStyle::with_template("{msg:8} {bar:40} {pos}/{len} units, {eta} left")
                .expect("a valid template"),
        )
    } else {
        ProgressBar::hidden()
    })
}

/// See [`meter`].
pub struct Meter(ProgressBar);

impl Meter {
    /// What the manifest's functions report to.
    pub fn on_progress(self) -> impl FnMut(Progress) -> ControlFlow<()> {
        move |progress| {
            let Self(bar) = &self;
            bar.set_message(match progress.stage {
                Stage::Hashing => "hashing",
                Stage::Writing => "writing",
                Stage::Reading => "reading",
                Stage::Indexing => "indexing",
            });
            bar.set_length(progress.total.into());
            bar.set_position(progress.done.into());
            ControlFlow::Continue(())
        }
    }
}

impl Drop for Meter {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
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
