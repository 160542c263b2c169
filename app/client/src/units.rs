//! Single units: which blocks and pages they are in, and what became of them.

use std::collections::BTreeMap;

use custody::{
    BLOCK_UNITS, Consignment, DispenseRecord, Disposition, Lot, PAGE_UNITS, UnitBlock, UnitPage,
};
use registry::Partner;
use solana_pubkey::Pubkey;

use crate::{
    address,
    error::Result,
    identifier::Gln,
    ledger::{Filter, Ledger},
};

/// The blocks that hold `units`, each once, ascending.
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

/// The pages that units `first..first + quantity` are on.
pub fn pages(first: u32, quantity: u32) -> impl Iterator<Item = u32> {
    let end = first.saturating_add(quantity).div_ceil(PAGE_UNITS);
    first / PAGE_UNITS..end
}

/// All pages of a lot.
pub fn pages_of(lot: &Lot) -> impl Iterator<Item = u32> {
    pages(0, lot.quantity)
}

/// The page that a block of 64 units is on.
pub(crate) const fn page_of_block(block: u32) -> u32 {
    block / (PAGE_UNITS / BLOCK_UNITS)
}

/// What became of one unit.
#[derive(Clone, Debug)]
pub struct Unit {
    /// Its index in the lot.
    pub index: u32,
    /// As the lot's page has it; `None` if the page is not open.
    pub disposition: Option<Disposition>,
    /// The consignment that holds it, whose status says what became of a whole one.
    pub consignment: Option<(Pubkey, Consignment)>,
    /// Who dispensed it, and when: for as long as that may be undone, and until the record is closed.
    pub dispensed: Option<Dispensed>,
}

/// A dispense, as the site's record has it.
#[derive(Clone, Debug)]
pub struct Dispensed {
    pub by: Gln,
    /// The site's account, if there is one.
    pub site: Option<Partner>,
    /// Unix seconds.
    pub at: i64,
}

/// What became of unit `index` of the lot at `lot`.
pub async fn unit(ledger: &Ledger, lot: &Pubkey, index: u32) -> Result<Unit> {
    let page_address = address::unit_page(lot, index / PAGE_UNITS);
    let page: Option<UnitPage> = ledger.find(&page_address).await?;
    let disposition = page.map(|page| page.disposition(index));
    let consignment = holding(ledger, &[Filter::consignment_lot(lot)], index).await?;
    let dispensed = match disposition {
        Some(Disposition::Dispensed) => dispensed(ledger, lot, index).await?,
        _ => None,
    };
    Ok(Unit {
        index,
        disposition,
        consignment,
        dispensed,
    })
}

/// The consignment that has unit `index` of the lot at `lot`, if `custodian` has it.
pub async fn in_custody(
    ledger: &Ledger,
    lot: &Pubkey,
    index: u32,
    custodian: Gln,
) -> Result<Option<(Pubkey, Consignment)>> {
    let filters = [
        Filter::consignment_lot(lot),
        Filter::consignment_custodian(&custodian),
    ];
    holding(ledger, &filters, index).await
}

/// The consignment, of those of one lot that pass all `filters`, that has unit `index`.
async fn holding(
    ledger: &Ledger,
    filters: &[Filter],
    index: u32,
) -> Result<Option<(Pubkey, Consignment)>> {
    let consignments: Vec<(Pubkey, Consignment)> = ledger.list(filters).await?;
    Ok(consignments
        .into_iter()
        .find(|(_, consignment)| holds(consignment, index)))
}

/// Whether unit `index` of its lot is one of the consignment's.
pub fn holds(consignment: &Consignment, index: u32) -> bool {
    index
        .checked_sub(consignment.first_unit)
        .is_some_and(|place| place < consignment.quantity)
}

/// Who dispensed a unit, if the record of it is still there.
async fn dispensed(ledger: &Ledger, lot: &Pubkey, index: u32) -> Result<Option<Dispensed>> {
    let block = index / BLOCK_UNITS;
    let place = (index % BLOCK_UNITS) as usize;
    let records: Vec<(Pubkey, DispenseRecord)> = ledger
        .list(&[Filter::record_lot(lot), Filter::record_block(&block)])
        .await?;
    let Some((_, record)) = records
        .into_iter()
        .find(|(_, record)| record.dispensed_at[place] != 0)
    else {
        return Ok(None);
    };
    let by = Gln::from_account(record.dispenser);
    Ok(Some(Dispensed {
        by,
        site: ledger.find(&address::partner(by)).await?,
        at: i64::from(record.dispensed_at[place]),
    }))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn pages_are_those_that_the_units_touch() {
        for (first, quantity, expected) in [
            (0, 1, vec![0]),
            (0, 8_192, vec![0]),
            (0, 8_193, vec![0, 1]),
            (8_191, 1, vec![0]),
            (8_191, 2, vec![0, 1]),
            (8_192, 8_192, vec![1]),
            (u32::MAX - 1, 1, vec![524_287]),
        ] {
            assert_eq!(pages(first, quantity).collect::<Vec<_>>(), expected);
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
    }
}
