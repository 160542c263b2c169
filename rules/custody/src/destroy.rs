use pedigree_domain::ensure;

use crate::{
    error::{CustodyError, Result},
    state::{Change, Consignment, Lot},
};

/// Records that a whole consignment was destroyed before a witness
/// ([`check_witness`](crate::signer::check_witness)).
///
/// The consignment is held, and neither it nor its lot is under a case. `sequence` is the consignment's,
/// as its custodian saw it.
#[inline(always)]
pub fn destroy(
    lot: &Lot,
    consignment: &mut Consignment,
    sequence: u32,
    document_hash: &[u8; 32],
) -> Result {
    consignment.check_sequence(sequence)?;
    consignment.check_held()?;
    consignment.check_no_case()?;
    consignment.check_whole()?;
    ensure!(lot.open_cases == 0, CustodyError::LotUnderCase);
    consignment.next_sequence()?;
    consignment.destroyed_since = lot.recall_changes;
    consignment.withdraw(Change::Destruction, document_hash);
    Ok(())
}
