use pedigree_domain::{Roles, ensure};
use registry_rules::Partner;

use crate::{
    error::{CustodyError, Result},
    signer::check_standing,
    state::{Change, Consignment, ConsignmentStatus, Lot, UnitRecord},
};

/// Takes back, at Unix time `now`, that a whole consignment was sampled or exported: what Delegated Regulation
/// (EU) 2016/161, article 13(1) allows.
///
/// - By the site that did it: "the same authorisation", "the same premises".
/// - "Not more than 10 days after".
/// - The goods could be sold, but for single units that were not active before: they have not expired, are neither
///   recalled nor withdrawn, nor restricted, and no case holds them. What was registered as intended for destruction
///   or stolen stays so.
///
/// `sequence` is the consignment's, as its custodian saw it.
#[inline(always)]
pub fn undo_withdrawal(
    custodian: &Partner,
    lot: &Lot,
    consignment: &mut Consignment,
    sequence: u32,
    now: i64,
) -> Result {
    check_standing(custodian, Roles::TRADERS, now)?;
    consignment.check_sequence(sequence)?;
    ensure!(
        [ConsignmentStatus::Sampled, ConsignmentStatus::Exported].contains(&consignment.status),
        CustodyError::NotWithdrawn
    );
    consignment.check_no_case()?;
    consignment.check_units_unrestricted()?;
    lot.check_movable(Change::Sale, now)?;
    consignment.check_recall(lot, Change::Sale)?;
    ensure!(
        now <= consignment
            .withdrawn_at
            .saturating_add(UnitRecord::UNDO_TIME),
        CustodyError::UndoTooLate
    );
    consignment.next_sequence()?;
    consignment.put_back();
    Ok(())
}
