use pedigree_domain::{Roles, ensure};
use registry_rules::Partner;
use solana_address::Address;

use crate::{
    error::{CustodyError, Result},
    signer::ineligible_sender,
    state::{Consignment, DispenseRecord, Disposition, Lot, UnitBlock, UnitPage},
    units::{check_page, check_units_movable},
};

/// Gives units to patients at Unix time `now`, as far as nothing speaks against it.
///
/// - The custodian is licensed to dispense.
/// - The units are the consignment's, which is held, and could be sold; none is recalled.
/// - Each is active. The record, new or of the same site and block, keeps when.
#[inline(always)]
pub fn dispense(
    custodian: &Partner,
    (lot_address, lot): (&Address, &Lot),
    consignment: &mut Consignment,
    page: &mut UnitPage,
    record: &mut DispenseRecord,
    block: UnitBlock,
    now: i64,
) -> Result {
    check_dispenser(custodian, now)?;
    check_dispensable(lot, consignment, block, now)?;
    check_page(page, lot_address, block)?;
    let gone = page.dispose(block, Disposition::Dispensed)?;
    consignment.count_inactive(gone)?;
    if record.dispenser == 0 {
        record.lot = *lot_address;
        record.dispenser = custodian.gln;
        record.block = block.number;
    }
    record.note(block, now)
}

/// Takes units back that were not handed to the patient after all: within ten days, by who dispensed
/// them, and only if they could be dispensed at Unix time `now` (Delegated Regulation (EU) 2016/161,
/// article 13(1)).
#[inline(always)]
pub fn undo_dispense(
    custodian: &Partner,
    (lot_address, lot): (&Address, &Lot),
    consignment: &mut Consignment,
    page: &mut UnitPage,
    record: &mut DispenseRecord,
    block: UnitBlock,
    now: i64,
) -> Result {
    check_dispenser(custodian, now)?;
    check_dispensable(lot, consignment, block, now)?;
    check_page(page, lot_address, block)?;
    ensure!(record.block == block.number, CustodyError::NotDispenser);
    for unit in block.units() {
        page.restore(unit)?;
        record.strike(unit, now)?;
    }
    consignment.count_active(block.units.count_ones())
}

fn check_dispenser(custodian: &Partner, now: i64) -> Result {
    custodian
        .check_trade(now, Roles::DISPENSER)
        .map_err(ineligible_sender)
}

/// Whether the units of `block`, all of them the consignment's, may be given to patients.
#[inline(never)]
fn check_dispensable(lot: &Lot, consignment: &Consignment, block: UnitBlock, now: i64) -> Result {
    block.check_within(consignment)?;
    check_units_movable(lot, consignment, block, now)
}
