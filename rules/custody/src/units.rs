//! What every instruction about single units checks.

use pedigree_domain::ensure;
use solana_address::Address;

use crate::{
    error::{CustodyError, Result},
    state::{BLOCK_UNITS, Change, Consignment, Lot, PAGE_UNITS, UnitBlock, UnitPage},
};

/// Whether single units, which are the consignment's, may go where a sale could take them.
#[inline(never)]
pub(crate) fn check_units_movable(
    lot: &Lot,
    consignment: &Consignment,
    block: UnitBlock,
    now: i64,
) -> Result {
    consignment.check_held()?;
    consignment.check_no_case()?;
    consignment.check_units_unrestricted()?;
    lot.check_movable(Change::Sale, now)?;
    if lot.recalls != 0 {
        for unit in block.units() {
            ensure!(!lot.is_recalled(unit, 1), CustodyError::Recalled);
        }
    }
    Ok(())
}

/// Whether `page` is the one of `lot` that the units of `block` are on.
#[inline(never)]
pub(crate) fn check_page(page: &UnitPage, lot: &Address, block: UnitBlock) -> Result {
    ensure!(
        page.lot == *lot && page.number == block.number / (PAGE_UNITS / BLOCK_UNITS),
        CustodyError::NotUnitsPage
    );
    Ok(())
}
