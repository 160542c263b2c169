use pedigree_domain::ensure;
use registry_rules::Partner;

use crate::{
    error::{RecallError, Result},
    signer::check_key,
    state::{Recall, RecallState, Tranche},
};

/// How long claims may be made after a recall's end, in seconds: 180 days. A return that is offered on the
/// last day may be accepted 90 days later ([`Transfer::LONGEST_OFFER`](custody_rules::Transfer)), and its
/// sender has as long again to claim.
pub const CLAIM_PERIOD: i64 = 180 * 86_400;

/// From when on what was not claimed may be given back, in Unix seconds: [`CLAIM_PERIOD`] after the recall's
/// end. `None` while it is not terminated.
pub fn claims_end(recall: &Recall) -> Option<i64> {
    let is_terminated = recall.state == RecallState::Terminated;
    is_terminated.then(|| recall.terminated_at.saturating_add(CLAIM_PERIOD))
}

/// Records that who funded the tranche gets back, at Unix time `now`, all that is in its vault, however it
/// came there: `amount`, in smallest parts of the token. From then on it pays nothing.
///
/// `site` funded it and is not suspended; the recall was terminated at least [`CLAIM_PERIOD`] ago, and not
/// reopened. Until it is done, claims are paid.
#[inline(always)]
pub fn withdraw(
    site: &Partner,
    recall: &Recall,
    tranche: &mut Tranche,
    amount: u64,
    now: i64,
) -> Result {
    ensure!(site.gln == tranche.funder, RecallError::NotManufacturer);
    check_key(site)?;
    let end = claims_end(recall).ok_or(RecallError::RecallNotTerminated)?;
    ensure!(now >= end, RecallError::ClaimsOpen);
    tranche.check_open()?;
    tranche.withdrawn_at = now;
    tranche.withdrawn = amount;
    tranche.invariant()
}
