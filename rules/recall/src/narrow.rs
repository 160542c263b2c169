use custody_rules::Lot;
use pedigree_domain::ensure;
use registry_rules::Partner;
use solana_address::Address;

use crate::{
    error::{RecallError, Result},
    signer::check_regulator,
    state::{Recall, Scope, contains, range},
};

/// Releases units from the recall at Unix time `now`, as the new `scope` records: the range becomes
/// `first..first + quantity`, a smaller part of the old one. For a regulator.
///
/// The one way in which units are released, and it stays open after the recall's end: a regulator's
/// decision, never paperwork. What the ledger showed of the wider range no longer counts: what is proven is
/// proven of the range as it is.
#[inline(always)]
pub fn narrow(
    site: &Partner,
    lot: &Lot,
    (address, recall): (&Address, &mut Recall),
    scope: &mut Scope,
    (first, quantity): (u32, u32),
    document_hash: &[u8; 32],
    now: i64,
) -> Result {
    check_regulator(site, RecallError::NotRegulator, now)?;
    ensure!(
        quantity < recall.quantity && contains(&recall.units(), &range(first, quantity)),
        RecallError::RangeNotNarrowed
    );
    recall.set_range(address, lot, (first, quantity), scope, now)?;
    recall.recount();
    recall.document_hash = *document_hash;
    recall.changed_at = now;
    recall.invariant()
}
