//! Single packs of a lot, as commands name them: by unit number or by serial number.

use std::{collections::BTreeSet, path::PathBuf, str::FromStr};

use anyhow::{Context as _, Result, ensure};
use clap::Args;
use pedigree_manifest::Manifest;
use pedigree_verify::membership::units;
use solana_pubkey::Pubkey;

/// How many units can be named at once.
const MAX_UNITS: usize = 100_000;

/// Units of a lot by their numbers: `17,20-24`. Ascending, each once.
#[derive(Clone, Debug, PartialEq, Eq)]
struct UnitList(Vec<u32>);

impl FromStr for UnitList {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Self> {
        let number = |digits: &str| -> Result<u32> {
            digits.trim().parse().with_context(|| {
                format!("{digits:?} is not a unit number: write units as 17,20-24")
            })
        };
        let mut units = BTreeSet::new();
        for range in text.split(',') {
            let (first, last) = range.split_once('-').unwrap_or((range, range));
            let (first, last) = (number(first)?, number(last)?);
            ensure!(first <= last, "{range:?} ends before it begins");
            ensure!(
                (last - first) as usize + units.len() < MAX_UNITS,
                "these are more than {MAX_UNITS} units: name fewer of them"
            );
            units.extend(first..=last);
        }
        Ok(Self(units.into_iter().collect()))
    }
}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_named_one_by_one_and_in_ranges() {
        let units = |text: &str| text.parse::<UnitList>().map(|UnitList(units)| units);
        assert_eq!(units("17").unwrap(), [17]);
        assert_eq!(units("20-22,17, 21").unwrap(), [17, 20, 21, 22]);
        for (text, reason) in [
            ("", "is not a unit number"),
            ("1-", "is not a unit number"),
            ("-1", "is not a unit number"),
            ("4294967296", "is not a unit number"),
            ("9-8", "ends before it begins"),
            ("0-4294967295", "more than 100000 units"),
        ] {
            let error: Result<Vec<u32>> = units(text);
            let error = format!("{:#}", error.unwrap_err());
            assert!(error.contains(reason), "{text}: {error}");
        }
    }
}
