use pedigree_domain::{Roles, ensure};
use registry_rules::Partner;
use solana_address::Address;

use crate::{
    error::{CustodyError, Result},
    signer::ineligible_sender,
    state::{Consignment, Disposition, Lot, UnitBlock, UnitPage},
    units::{check_page, check_units_movable},
};

/// Takes single units out of the chain at Unix time `now`; `disposition` is the code of their new
/// state: stolen, sampled, exported, damaged, suspect or illegitimate.
///
/// The units are the consignment's, which is held. To export them takes what a sale takes.
#[inline(always)]
pub fn decommission(
    custodian: &Partner,
    (lot_address, lot): (&Address, &Lot),
    consignment: &mut Consignment,
    page: &mut UnitPage,
    block: UnitBlock,
    disposition: u8,
    now: i64,
) -> Result {
    let disposition = decommissioned_as(disposition)?;
    block.check_within(consignment)?;
    if disposition == Disposition::Exported {
        custodian
            .check_trade(now, Roles::TRADERS)
            .map_err(ineligible_sender)?;
        ensure!(
            consignment.owner == custodian.gln,
            CustodyError::SenderNotOwner
        );
        check_units_movable(lot, consignment, block, now)?;
    } else {
        consignment.check_held()?;
    }
    check_page(page, lot_address, block)?;
    let gone = page.dispose(block, disposition)?;
    consignment.count_inactive(gone)
}

/// What a decommissioned unit may become.
fn decommissioned_as(code: u8) -> Result<Disposition> {
    let disposition = Disposition::from_code(code);
    ensure!(
        disposition.is_known()
            && disposition != Disposition::Active
            && disposition != Disposition::Dispensed
            && disposition != Disposition::Destroyed,
        CustodyError::InvalidDisposition
    );
    Ok(disposition)
}

/// Destroys single units before a witness ([`check_witness`](crate::signer::check_witness)), as
/// [`destroy`](crate::destroy::destroy) does whole consignments.
#[inline(always)]
pub fn destroy_units(
    (lot_address, lot): (&Address, &Lot),
    consignment: &mut Consignment,
    page: &mut UnitPage,
    block: UnitBlock,
) -> Result {
    block.check_within(consignment)?;
    consignment.check_held()?;
    consignment.check_no_case()?;
    ensure!(lot.open_cases == 0, CustodyError::LotUnderCase);
    check_page(page, lot_address, block)?;
    let gone = page.dispose(block, Disposition::Destroyed)?;
    consignment.count_inactive(gone)
}
