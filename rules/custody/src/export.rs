use pedigree_domain::{Roles, ensure};
use registry_rules::Partner;

use crate::{
    error::{CustodyError, Result},
    signer::ineligible_sender,
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
    custodian
        .check_trade(now, Roles::TRADERS)
        .map_err(ineligible_sender)?;
    ensure!(
        consignment.owner == custodian.gln,
        CustodyError::SenderNotOwner
    );
    consignment.check_sequence(sequence)?;
    consignment.check_movable(lot, Change::Sale, now)?;
    consignment.next_sequence()?;
    consignment.withdraw(Change::Export, document_hash);
    Ok(())
}
