use pedigree_domain::ensure;

use crate::{
    error::{RecallError, Result},
    state::{Recall, RecallState},
};

/// Records that the manufacturer gets back all that is in a terminated recall's vault, however it came
/// there: `amount`, in smallest parts of the token.
#[inline(always)]
pub fn withdraw(recall: &mut Recall, amount: u64) -> Result {
    ensure!(
        recall.state == RecallState::Terminated,
        RecallError::RecallNotTerminated
    );
    recall.withdrawn = amount;
    recall.invariant()
}
