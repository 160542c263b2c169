use pedigree_domain::Roles;
use registry_rules::Partner;

use crate::{
    error::Result,
    passage::Passage,
    signer::check_standing,
    state::{Change, Consignment, Lot},
};

/// Sells goods that stay where they are, with a 3PL for instance, at Unix time `now`.
///
/// Every rule of a sale holds, and the seller is in a role that may own. What a dispenser sells back up is
/// returned product even so. `sequence` is the consignment's, as both saw it.
#[inline(always)]
pub fn transfer_title(
    (seller, buyer): (&Partner, &Partner),
    lot: &Lot,
    consignment: &mut Consignment,
    sequence: u32,
    document_hash: &[u8; 32],
    now: i64,
) -> Result {
    let sale = Passage::between_cold(seller, buyer, Change::Sale, now)?;
    check_standing(seller, Roles::OWNERS, now)?;
    consignment.check_sequence(sequence)?;
    consignment.check_movable(lot, sale.kind, now)?;
    consignment.next_sequence()?;
    consignment.pass_title(sale.to, document_hash, lot.recall_changes);
    sale.mark(consignment);
    Ok(())
}
