//! `pedigree label`

use std::{
    fs,
    ops::ControlFlow,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail, ensure};
use clap::{ArgGroup, Args, ValueEnum};
use indicatif::ProgressBar;
use pedigree_client::{
    identifier::{Expiry, Sscc},
    reference::LotRef,
};
use pedigree_manifest::{Manifest, Unit};
use pedigree_scan::label::{Label as Drawing, sheet};
use serde::Serialize;

use crate::{answer::Answer, context::Context, output::Report};

/// Labels on one sheet at most: more than that, viewers and printers do not open.
const MAX_ON_SHEET: usize = 10_000;

/// Draw GS1 DataMatrix labels.
///
/// Of one pack, of a case, or of all packs of a lot. A pack's label holds GTIN, expiry, lot and serial
/// number, a case's the SSCC.
#[derive(Args)]
#[command(group = ArgGroup::new("of").args(["lot", "manifest", "sscc"]).required(true))]
#[command(group = ArgGroup::new("which").args(["serial", "unit", "all"]))]
pub struct Label {
    /// The pack's lot
    #[arg(value_name = "GTIN/LOT", requires = "serial")]
    lot: Option<LotRef>,
    /// The pack's serial number
    #[arg(long, conflicts_with = "sscc")]
    serial: Option<String>,
    /// The date on the label: YYYY-MM-DD, YYYY-MM, YYYYMMDD or YYMMDD [default: the ledger's]
    #[arg(long, requires = "lot")]
    expiry: Option<Expiry>,
    /// The lot's manifest, instead of naming the lot
    #[arg(long, value_name = "FILE", requires = "which")]
    manifest: Option<PathBuf>,
    /// The pack with this number in the manifest's lot
    #[arg(long, requires = "manifest")]
    unit: Option<u32>,
    /// Every pack of the manifest
    #[arg(long, requires = "manifest")]
    all: bool,
    /// The label of the case or pallet with this SSCC
    #[arg(long)]
    sscc: Option<Sscc>,
    /// The file to write, .png or .svg; with --all a sheet, .svg, or a folder with a file for each pack
    #[arg(long, value_name = "PATH")]
    to: PathBuf,
    /// Pixels of a module in PNG files
    #[arg(long, default_value_t = 8, value_parser = clap::value_parser!(u32).range(1..=64))]
    pixels: u32,
    /// The format of the files in a folder
    #[arg(long = "as", value_enum, default_value_t, requires = "all")]
    format: Format,
    /// Labels side by side on a sheet
    #[arg(long, default_value_t = 6, requires = "all", value_parser = clap::value_parser!(u32).range(1..=100))]
    columns: u32,
}

/// How a label is written.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Format {
    #[default]
    Svg,
    Png,
}

impl Format {
    const fn ending(self) -> &'static str {
        match self {
            Self::Svg => "svg",
            Self::Png => "png",
        }
    }
}

impl Label {
    pub async fn run(self, context: &Context) -> Result<Answer> {
        let written = match (&self.manifest, &self.lot, self.sscc) {
            (Some(file), ..) => {
                let manifest = Manifest::open(file)?;
                match self.all {
                    true => self.write_all(context, &manifest)?,
                    false => self.write(&drawing(&manifest, &self.unit(&manifest)?)?)?,
                }
            }
            (None, Some(lot), _) => self.write(&self.drawing_of(context, *lot).await?)?,
            (None, None, Some(sscc)) => self.write(&Drawing::case(sscc.number())?)?,
            (None, None, None) => bail!("name a pack, a manifest or a case"),
        };
        context.print(&LabelsReport {
            labels: written,
            to: self.to.display().to_string(),
        });
        Ok(Answer::Yes)
    }

    /// The pack that is named by serial or number.
    fn unit(&self, manifest: &Manifest) -> Result<Unit> {
        match (&self.serial, self.unit) {
            (Some(serial), _) => manifest.find(serial)?.with_context(|| {
                format!(
                    "the manifest has no serial number {serial}: check it, or pass its own lot's \
                     manifest"
                )
            }),
            (None, Some(index)) => Ok(manifest.unit(index)?),
            (None, None) => bail!("name the pack with --serial or --unit, or pass --all"),
        }
    }

    async fn drawing_of(&self, context: &Context, lot: LotRef) -> Result<Drawing> {
        let serial = self.serial.as_deref().context("name the pack's serial")?;
        let expiry = match self.expiry {
            Some(expiry) => expiry.label(),
            None => lot.resolve(&context.ledger).await?.expiry,
        };
        let lot_number = lot.lot_number.to_string();
        Ok(Drawing::unit(
            lot.gtin.number(),
            expiry,
            &lot_number,
            serial,
        )?)
    }

    fn write(&self, drawing: &Drawing) -> Result<usize> {
        drawing.write(&self.to, self.pixels)?;
        Ok(1)
    }

    /// Writes the labels of all units: on a sheet, or to a folder, named by the units' numbers.
    fn write_all(&self, context: &Context, manifest: &Manifest) -> Result<usize> {
        let count = manifest.units().len();
        if let Some(ending) = self.to.extension() {
            ensure!(
                ending.eq_ignore_ascii_case("svg"),
                "a sheet is an .svg file; for a .png file for each pack, name a folder and pass --as png"
            );
            ensure!(
                count <= MAX_ON_SHEET,
                "these are {count} labels, and a sheet has room for {MAX_ON_SHEET}: name a \
                 folder, or extract a part of the manifest"
            );
            let mut labels = Vec::with_capacity(count);
            for_each(manifest, |unit| {
                labels.push(drawing(manifest, unit)?);
                Ok(())
            })?;
            write_file(&self.to, &sheet(&labels, self.columns))?;
            return Ok(count);
        }
        fs::create_dir_all(&self.to)
            .with_context(|| format!("could not make the folder {}", self.to.display()))?;
        let bar = match context.is_for_people() {
            true => ProgressBar::new(count as u64),
            false => ProgressBar::hidden(),
        };
        for_each(manifest, |unit| {
            let name = format!("{:07}.{}", unit.index, self.format.ending());
            drawing(manifest, unit)?.write(self.to.join(name), self.pixels)?;
            bar.inc(1);
            Ok(())
        })?;
        bar.finish_and_clear();
        Ok(count)
    }
}

/// A unit's label, as its manifest has it.
fn drawing(manifest: &Manifest, unit: &Unit) -> Result<Drawing> {
    let lot = manifest.lot();
    Ok(Drawing::unit(
        lot.gtin,
        lot.expiry,
        &lot.lot_number,
        &unit.serial,
    )?)
}

/// Calls `visit` with each unit, until it fails.
fn for_each(manifest: &Manifest, mut visit: impl FnMut(&Unit) -> Result<()>) -> Result<()> {
    let mut outcome = Ok(());
    manifest.for_each(manifest.units(), |unit| {
        outcome = visit(&unit);
        match outcome {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()),
        }
    })?;
    outcome
}

fn write_file(path: &Path, text: &str) -> Result<()> {
    fs::write(path, text).with_context(|| format!("could not write {}", path.display()))
}

#[derive(Serialize)]
struct LabelsReport {
    labels: usize,
    to: String,
}

impl Report for LabelsReport {
    fn text(&self) -> String {
        match self.labels {
            1 => format!("1 label in {}", self.to),
            several => format!("{several} labels in {}", self.to),
        }
    }
}
