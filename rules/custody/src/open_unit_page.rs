use solana_address::Address;

use crate::{
    error::Result,
    state::{Lot, UnitPage},
};

/// Opens page `number` of a lot, on which all units are active. Anyone may: there is nothing to choose.
#[inline(always)]
pub fn open_unit_page(
    (lot_address, lot): (&Address, &Lot),
    page: &mut UnitPage,
    number: u32,
) -> Result {
    page.lot = *lot_address;
    page.number = number;
    page.trail = lot_address.to_bytes();
    page.invariant(lot)
}
