//! Single packs of a lot, as commands name them: by unit number, or by what is printed on them.

use std::{collections::BTreeSet, path::PathBuf, str::FromStr};

use anyhow::{Context as _, Result, ensure};
use clap::Args;
use pedigree_manifest::Manifest;
use solana_pubkey::Pubkey;

/// Units of a lot by their numbers: `17,20-24`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitRuns(BTreeSet<u32>);

impl UnitRuns {
    /// As many units as can be named at once.
    const MOST: usize = 100_000;

    /// Ascending, each once.
    pub fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        self.0.iter().copied()
    }

    pub fn count(&self) -> usize {
        self.0.len()
    }
}

impl FromStr for UnitRuns {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Self> {
        let number = |digits: &str| -> Result<u32> {
            digits.trim().parse().with_context(|| {
                format!("{digits:?} is no number of a unit: write units as 17,20-24")
            })
        };
        let mut units = BTreeSet::new();
        for run in text.split(',') {
            let (first, last) = match run.split_once('-') {
                Some((first, last)) => (number(first)?, number(last)?),
                None => (number(run)?, number(run)?),
            };
            ensure!(first <= last, "{run:?} ends before it begins");
            ensure!(
                (last - first) as usize + units.len() < Self::MOST,
                "these are more than {} units: name fewer at once",
                Self::MOST
            );
            units.extend(first..=last);
        }
        Ok(Self(units))
    }
}

/// Single packs of a lot: by their numbers, or by what is printed on them.
#[derive(Args)]
#[group(required = true, multiple = true)]
pub struct Packs {
    /// The packs, by their unit numbers in the lot: 17,20-24
    #[arg(long, value_name = "UNITS", conflicts_with = "serial")]
    units: Option<UnitRuns>,
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
    /// Their numbers in the lot.
    pub fn units(&self, lot: &Pubkey) -> Result<UnitRuns> {
        if let Some(units) = &self.units {
            return Ok(units.clone());
        }
        let file = self.manifest.as_ref().context("name the packs")?;
        let manifest = Manifest::open(file)?;
        ensure!(
            manifest.lot().address == lot.to_bytes(),
            "{} is the manifest of another lot than the consignment's",
            file.display()
        );
        let unit = |serial: &String| -> Result<u32> {
            let unit = manifest.find(serial)?.with_context(|| {
                format!(
                    "{} has no serial number {serial}: set the pack aside",
                    file.display()
                )
            })?;
            Ok(unit.index)
        };
        self.serial
            .iter()
            .map(unit)
            .collect::<Result<_>>()
            .map(UnitRuns)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_named_one_by_one_and_in_runs() {
        let units = |text: &str| text.parse::<UnitRuns>().map(|units| units.iter().collect());
        assert_eq!(units("17").unwrap(), [17]);
        assert_eq!(units("20-22,17, 21").unwrap(), [17, 20, 21, 22]);
        for (text, reason) in [
            ("", "is no number of a unit"),
            ("1-", "is no number of a unit"),
            ("-1", "is no number of a unit"),
            ("4294967296", "is no number of a unit"),
            ("9-8", "ends before it begins"),
            ("0-4294967295", "more than 100000 units"),
        ] {
            let error: Result<Vec<u32>> = units(text);
            let error = format!("{:#}", error.unwrap_err());
            assert!(error.contains(reason), "{text}: {error}");
        }
    }
}
