use pedigree_domain::ensure;
use registry_rules::Partner;

use crate::{
    error::{RecallError, Result},
    signer::check_regulator,
    state::{Recall, RecallState},
};

/// Takes a terminated recall up again at Unix time `now`: for a regulator, who may find that not all was
/// done, or that more units are concerned while the lot has no place for another recall.
///
/// Answers and proofs are taken again; what was proven counts anew, because its record may be closed. The
/// time to claim begins anew with the next end.
#[inline(always)]
pub fn reopen(site: &Partner, recall: &mut Recall, document_hash: &[u8; 32], now: i64) -> Result {
    check_regulator(site, RecallError::NotRegulator, now)?;
    ensure!(
        recall.state == RecallState::Terminated,
        RecallError::RecallNotTerminated
    );
    recall.state = RecallState::Reopened;
    recall.terminated_at = 0;
    recall.recount();
    recall.changed_at = now;
    recall.document_hash = *document_hash;
    recall.invariant()
}
