use pedigree_domain::ensure;

use crate::{
    error::{RecallError, Result},
    state::{Recall, RecallState},
};

/// Whether a page of the recall's claims may be closed.
///
/// No claims are paid after a recall is terminated, so its record of claims is not needed; the totals stay
/// in the `Recall` and the `Response`s.
#[inline(always)]
pub fn close_claims(recall: &Recall) -> Result {
    ensure!(
        recall.state == RecallState::Terminated,
        RecallError::RecallNotTerminated
    );
    Ok(())
}
