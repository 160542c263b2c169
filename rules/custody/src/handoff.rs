use registry_rules::Partner;
use solana_address::Address;

use crate::{
    error::Result,
    passage::Passage,
    state::{Change, Consignment, Lot},
};

/// Hands a consignment over at once at Unix time `now`, signed by both sites; `kind` is the code of a
/// [`Change`] that is a transfer, `sequence` the consignment's, as both saw it.
///
/// - Both sites are authorised trading partners, in roles that fit the kind of transfer, but for goods
///   that go back ([`Passage`]).
/// - The lot, the consignment and its title let it go.
///
/// A sale's transaction statement is made by the sender's signature.
#[inline(always)]
pub fn handoff(
    (from, to): (&Partner, &Partner),
    (lot_address, lot): (&Address, &Lot),
    consignment: &mut Consignment,
    (kind, sequence): (u8, u32),
    document_hash: &[u8; 32],
    now: i64,
) -> Result {
    consignment.check_lot(lot_address)?;
    let passage = Passage::between(from, to, Change::of_transfer(kind)?, now)?;
    passage.check_lot(lot)?;
    passage.hand_over(lot, consignment, sequence, document_hash)
}
