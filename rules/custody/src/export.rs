use pedigree_domain::{Roles, ensure};
use registry_rules::Partner;

use crate::{
    error::{CustodyError, Result},
    signer::check_standing,
    state::{Change, Consignment, Lot},
};

/// Sends a consignment out of the territory at Unix time `now`: only what a licensed site owns and could
/// sell. `sequence` is the consignment's, as its custodian saw it.
#[inline(always)]
pub fn export(
    custodian: &Partner,
    lot: &Lot,
    consignment: &mut Consignment,
    sequence: u32,
    document_hash: &[u8; 32],
    now: i64,
) -> Result {
    check_standing(custodian, Roles::TRADERS, now)?;
    ensure!(
        consignment.owner == custodian.gln,
        CustodyError::SenderNotOwner
    );
    consignment.check_sequence(sequence)?;
    consignment.check_movable(lot, Change::Sale, now)?;
    consignment.next_sequence()?;
    let left = (lot.recall_changes, now);
    consignment.withdraw(Change::Export, document_hash, left);
    Ok(())
}
