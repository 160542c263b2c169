use registry_rules::Partner;

use crate::{
    error::Result,
    exit::check_destruction,
    state::{Change, Consignment, Lot},
};

/// Records that a whole consignment was destroyed at Unix time `now`, before a witness of the site `witness`
/// ([`check_witness`](crate::signer::check_witness)).
///
/// The rules are those of [`check_destruction`], and all units are there. `sequence` is the consignment's,
/// as its custodian saw it.
#[inline(always)]
pub fn destroy(
    (custodian, witness): (&Partner, &Partner),
    lot: &Lot,
    consignment: &mut Consignment,
    sequence: u32,
    document_hash: &[u8; 32],
    now: i64,
) -> Result {
    consignment.check_sequence(sequence)?;
    check_destruction(custodian, lot, consignment, witness, now)?;
    consignment.check_present()?;
    consignment.next_sequence()?;
    let left = (lot.recall_changes, now);
    consignment.withdraw(Change::Destruction, document_hash, left);
    Ok(())
}
