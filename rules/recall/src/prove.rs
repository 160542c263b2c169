use pedigree_domain::ensure;
use solana_address::Address;

use crate::{
    error::{RecallError, Result},
    evidence::{Presented, count},
    state::{Claims, Recall, Response, set},
};

/// Counts units that the ledger shows a site returned or destroyed since they were recalled: each once,
/// for the site, which has answered, and for the recall, which is running.
#[inline(always)]
pub fn prove(
    (recall_address, recall): (&Address, &mut Recall),
    response: &mut Response,
    claims: &mut Claims,
    presented: &Presented,
) -> Result {
    let fate = presented.examine((recall_address, recall), claims)?;
    let (place, quantity) = (presented.units.place(), presented.units.quantity);
    let new = set(&mut claims.shown, place, quantity);
    ensure!(new == quantity, RecallError::AlreadyShown);
    count(recall, response, fate, new);
    response.invariant()?;
    recall.invariant()
}
