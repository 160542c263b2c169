use pedigree_domain::{Roles, ensure};
use registry_rules::Partner;
use solana_address::Address;

use crate::{
    error::{CustodyError, Result},
    signer::check_standing,
    state::{Consignment, Disposition, Lot, UnitBlock, UnitPage, UnitRecord},
    units::{check_page, check_units_movable},
};

/// Gives units to patients at Unix time `now`.
///
/// - The custodian is licensed to dispense. If another site owns the goods, that is `owner`, which signs too
///   and may own medicines.
/// - The units are the consignment's, which is held, and could be sold; none is recalled.
/// - Each is active. The record, new or of the same site and block, keeps when; `evidence` is the hash of
///   what they were verified with.
#[inline(always)]
#[allow(
    clippy::too_many_arguments,
    reason = "they are the instruction's accounts and arguments"
)]
pub fn dispense(
    (custodian, owner): (&Partner, Option<&Partner>),
    (lot_address, lot): (&Address, &Lot),
    consignment: &mut Consignment,
    page: &mut UnitPage,
    record: &mut UnitRecord,
    block: UnitBlock,
    evidence: &[u8; 32],
    now: i64,
) -> Result {
    check_standing(custodian, Roles::DISPENSER, now)?;
    if consignment.owner != custodian.gln {
        let owner = owner.filter(|owner| owner.gln == consignment.owner);
        let owner = owner.ok_or(CustodyError::OwnerNotAsked)?;
        check_standing(owner, Roles::OWNERS, now)?;
    }
    check_dispensable(lot, consignment, block, now)?;
    check_page(page, lot_address, block)?;
    let gone = page.dispose(block, Disposition::Dispensed)?;
    page.link(custodian.gln, block, Disposition::Dispensed, evidence);
    consignment.count_gone(gone)?;
    record.begin(lot_address, custodian.gln, block);
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
    record: &mut UnitRecord,
    block: UnitBlock,
    now: i64,
) -> Result {
    check_standing(custodian, Roles::DISPENSER, now)?;
    check_dispensable(lot, consignment, block, now)?;
    check_page(page, lot_address, block)?;
    ensure!(record.block == block.number, CustodyError::NotDispenser);
    let back = page.restore(
        block,
        &[Disposition::Dispensed],
        CustodyError::UnitNotDispensed,
    )?;
    page.link(custodian.gln, block, Disposition::Active, &[0; 32]);
    record.strike(block, now)?;
    consignment.count_back(back)
}

/// Whether the units of `block`, all of them the consignment's, may be given to patients.
#[inline(never)]
fn check_dispensable(lot: &Lot, consignment: &Consignment, block: UnitBlock, now: i64) -> Result {
    block.check_within(consignment)?;
    check_units_movable(lot, consignment, block, now)
}
