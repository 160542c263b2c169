//! Ranges, pages and blocks of a lot's units. A unit is named by its index in the lot, counted from 0
//! in packing order.

use std::{
    collections::{BTreeMap, BTreeSet},
    str::FromStr,
};

pub use custody::UnitBlock;
use custody::{BLOCK_UNITS, Consignment, Lot, PAGE_UNITS};
use pedigree_domain::identifier::InvalidIdentifier;
use recall::Recall;

/// How many units a [`UnitList`] names at most.
pub const MAX_LISTED: usize = 100_000;

/// A contiguous range of a lot's units. Written as `100-199`, or `7` for a single unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnitRange {
    /// The first unit's index in the lot.
    pub first: u32,
    /// How many units.
    pub quantity: u32,
}

impl UnitRange {
    /// Whether the unit with this index is one of them.
    pub fn contains(self, unit: u32) -> bool {
        unit.checked_sub(self.first)
            .is_some_and(|place| place < self.quantity)
    }

    /// Numbers of the `UnitPage`s that the units are on, ascending.
    pub fn pages(self) -> impl Iterator<Item = u32> {
        let start = self.first / PAGE_UNITS;
        let end = match self.quantity {
            0 => start,
            quantity => self.first.saturating_add(quantity).div_ceil(PAGE_UNITS),
        };
        start..end
    }
}

impl FromStr for UnitRange {
    type Err = InvalidIdentifier;

    fn from_str(text: &str) -> Result<Self, InvalidIdentifier> {
        let (first, last) = ends(text, text)?;
        let Some(quantity) = (last - first).checked_add(1) else {
            return Err(invalid(text, "it has more units than a lot".to_owned()));
        };
        Ok(Self { first, quantity })
    }
}

/// Units of a lot by their indices, ascending, each once. Written as `17,20-24`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitList(pub Vec<u32>);

impl FromStr for UnitList {
    type Err = InvalidIdentifier;

    fn from_str(text: &str) -> Result<Self, InvalidIdentifier> {
        let mut units = BTreeSet::new();
        for range in text.split(',') {
            let (first, last) = ends(text, range)?;
            if (last - first) as usize + units.len() >= MAX_LISTED {
                let reason = format!("these are more than {MAX_LISTED} units: name fewer of them");
                return Err(invalid(text, reason));
            }
            units.extend(first..=last);
        }
        Ok(Self(units.into_iter().collect()))
    }
}

/// The first and the last unit of `range`, a part of `text`.
fn ends(text: &str, range: &str) -> Result<(u32, u32), InvalidIdentifier> {
    let number = |digits: &str| {
        digits.trim().parse().map_err(|_| {
            let reason = format!(
                "{digits:?} is not a unit number: write FIRST-LAST, or several such as 17,20-24"
            );
            invalid(text, reason)
        })
    };
    let (first, last) = range.split_once('-').unwrap_or((range, range));
    let (first, last): (u32, u32) = (number(first)?, number(last)?);
    if first > last {
        return Err(invalid(text, format!("{range:?} ends before it begins")));
    }
    Ok((first, last))
}

fn invalid(text: &str, reason: String) -> InvalidIdentifier {
    InvalidIdentifier {
        what: "range of units",
        text: text.to_owned(),
        reason,
    }
}

/// The units of a consignment.
impl From<&Consignment> for UnitRange {
    fn from(consignment: &Consignment) -> Self {
        Self {
            first: consignment.first_unit,
            quantity: consignment.quantity,
        }
    }
}

/// All units of a lot.
impl From<&Lot> for UnitRange {
    fn from(lot: &Lot) -> Self {
        Self {
            first: 0,
            quantity: lot.quantity,
        }
    }
}

/// The units that a recall names.
impl From<&Recall> for UnitRange {
    fn from(recall: &Recall) -> Self {
        Self {
            first: recall.first,
            quantity: recall.quantity,
        }
    }
}

/// The blocks of 64 that hold `units`, each once, ascending: one instruction names the units of one
/// block.
pub fn blocks(units: impl IntoIterator<Item = u32>) -> Vec<UnitBlock> {
    let mut blocks: BTreeMap<u32, u64> = BTreeMap::new();
    for unit in units {
        let UnitBlock { number, units } = UnitBlock::of(unit);
        *blocks.entry(number).or_default() |= units;
    }
    blocks
        .into_iter()
        .map(|(number, units)| UnitBlock { number, units })
        .collect()
}

/// Number of the page that unit `unit` is on.
pub const fn page_of(unit: u32) -> u32 {
    unit / PAGE_UNITS
}

/// Number of the page that a block of 64 units is on.
pub const fn page_of_block(block: u32) -> u32 {
    block / (PAGE_UNITS / BLOCK_UNITS)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn pages_are_those_that_the_units_touch() {
        for (first, quantity, expected) in [
            (5, 0, vec![]),
            (0, 1, vec![0]),
            (0, 8_192, vec![0]),
            (0, 8_193, vec![0, 1]),
            (8_191, 1, vec![0]),
            (8_191, 2, vec![0, 1]),
            (8_192, 8_192, vec![1]),
            (u32::MAX - 1, 1, vec![524_287]),
        ] {
            let range = UnitRange { first, quantity };
            assert_eq!(range.pages().collect::<Vec<_>>(), expected);
        }
    }

    #[test]
    fn a_range_contains_its_ends_and_not_their_neighbours() {
        let range = UnitRange {
            first: 5,
            quantity: 3,
        };
        let contained: Vec<u32> = (0..10).filter(|&unit| range.contains(unit)).collect();
        assert_eq!(contained, [5, 6, 7]);
    }

    #[test]
    fn a_range_is_written_with_both_ends() {
        let range = |text: &str| {
            text.parse()
                .map(|UnitRange { first, quantity }| (first, quantity))
        };
        assert_eq!(range("100-199"), Ok((100, 100)));
        assert_eq!(range("7"), Ok((7, 1)));
        for (text, reason) in [
            ("", "is not a unit number"),
            ("1-", "is not a unit number"),
            ("1,2", "is not a unit number"),
            ("9-8", "ends before it begins"),
            ("0-4294967295", "more units than a lot"),
        ] {
            let error = range(text).unwrap_err().to_string();
            assert!(error.contains(reason), "{text}: {error}");
        }
    }

    #[test]
    fn units_are_named_one_by_one_and_in_ranges() {
        let units = |text: &str| text.parse().map(|UnitList(units)| units);
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
            let error = units(text).unwrap_err().to_string();
            assert!(error.contains(reason), "{text}: {error}");
        }
    }

    proptest! {
        #[test]
        fn blocks_hold_the_units_and_no_others(
            units in prop::collection::btree_set(any::<u32>(), 0..200),
        ) {
            let blocks = blocks(units.iter().copied());
            let held: Vec<u32> = blocks.iter().flat_map(|block| block.units()).collect();
            prop_assert_eq!(held, units.into_iter().collect::<Vec<_>>());
            prop_assert!(blocks.is_sorted_by(|a, b| a.number < b.number));
        }

        #[test]
        fn a_unit_and_its_block_are_on_one_page(unit: u32) {
            prop_assert_eq!(page_of(unit), page_of_block(UnitBlock::of(unit).number));
        }
    }
}
