use pedigree_domain::ensure;

use crate::{
    error::{RecallError, Result},
    state::{Recall, RecallState},
};

/// Whether a page of the recall's proofs may be closed.
///
/// Nothing is proven after a recall is terminated; the totals stay in the `Recall` and the `Response`s. If
/// it is reopened, the count begins anew.
#[inline(always)]
pub fn close_proofs(recall: &Recall) -> Result {
    ensure!(
        recall.state == RecallState::Terminated,
        RecallError::RecallNotTerminated
    );
    Ok(())
}
