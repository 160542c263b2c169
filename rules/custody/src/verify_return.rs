use pedigree_domain::{Roles, ensure};
use registry_rules::Partner;

use crate::{
    error::{CustodyError, Result},
    signer::check_standing,
    state::{Change, Consignment, Lot, Restrictions},
};

/// Makes returned goods saleable again at Unix time `now`: their custodian, a trading partner in good
/// standing, has verified their product identifiers (DSCSA section 582(b)(4)(E), (c)(4)(D), (e)(4)(E)).
///
/// Goods that could not be sold for another reason are refused, but for single units that are not active. What a
/// regulator released in the custodian's place may still be verified where no recall would pay its owner otherwise.
/// `sequence` is the consignment's, as its custodian saw it; `document_hash` that of what they were verified
/// with.
#[inline(always)]
pub fn verify_return(
    custodian: &Partner,
    lot: &Lot,
    consignment: &mut Consignment,
    sequence: u32,
    document_hash: &[u8; 32],
    now: i64,
) -> Result {
    check_standing(custodian, Roles::TRADERS, now)?;
    consignment.check_sequence(sequence)?;
    ensure!(
        consignment.restrictions().contains(Restrictions::RETURNED)
            || consignment.owner_since == Consignment::NEVER_PAID,
        CustodyError::NotReturned
    );
    consignment.verify(document_hash, lot.recall_changes);
    lot.check_movable(Change::Sale, now)?;
    consignment.check_held()?;
    consignment.check_no_case()?;
    consignment.check_units_unrestricted()?;
    consignment.check_recall(lot, Change::Sale)
}
