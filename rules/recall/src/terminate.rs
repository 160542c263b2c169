use registry_rules::Partner;

use crate::{
    error::{RecallError, Result},
    signer::check_regulator,
    state::{Recall, RecallState},
};

/// Ends a recall at Unix time `now`, and with it answers and claims (21 CFR 7.55): for a regulator. The
/// lot keeps its mark: recalled units do not become saleable because a recall is over.
#[inline(always)]
pub fn terminate(
    site: &Partner,
    recall: &mut Recall,
    document_hash: &[u8; 32],
    now: i64,
) -> Result {
    check_regulator(site, RecallError::NotRegulator, now)?;
    recall.check_running()?;
    recall.state = RecallState::Terminated;
    recall.changed_at = now;
    recall.terminated_at = now;
    recall.document_hash = *document_hash;
    recall.invariant()
}
