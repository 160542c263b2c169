use pedigree_domain::ensure;

use crate::{
    error::{RecallError, Result},
    evidence::{Shown, count},
    state::{Claims, Recall, Response, set},
};

/// Counts units that the ledger shows a site returned or destroyed since they were recalled: each once,
/// for the site, which has answered, and for the recall, which is running.
#[inline(always)]
pub fn prove(
    recall: &mut Recall,
    response: &mut Response,
    claims: &mut Claims,
    shown: &Shown,
) -> Result {
    let (place, quantity) = (shown.units.place(), shown.units.quantity);
    let new = set(&mut claims.shown, place, quantity);
    ensure!(new == quantity, RecallError::AlreadyShown);
    count(recall, response, shown.fate, new);
    response.invariant()?;
    recall.invariant()
}
