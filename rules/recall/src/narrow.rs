use registry_rules::Partner;

use crate::{
    error::{RecallError, Result},
    signer::check_regulator,
    state::Recall,
};

/// Releases units from the recall at Unix time `now`: the range becomes `first..first + quantity`, a
/// smaller part of the old one. For a regulator.
///
/// The one way in which units are released, and it stays open after the recall's end: a regulator's
/// decision, never paperwork.
#[inline(always)]
pub fn narrow(
    site: &Partner,
    recall: &mut Recall,
    first: u32,
    quantity: u32,
    document_hash: &[u8; 32],
    now: i64,
) -> Result {
    check_regulator(site, RecallError::NotRegulator, now)?;
    recall.shrink(first, quantity)?;
    recall.document_hash = *document_hash;
    recall.changed_at = now;
    recall.invariant()
}
