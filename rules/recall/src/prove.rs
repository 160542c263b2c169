use core::ops::Deref;

use pedigree_domain::ensure;
use solana_address::Address;

use crate::{
    error::{RecallError, Result},
    evidence::{Departure, Until},
    state::{Proofs, Recall, Response, Scope, contains, range},
};

/// Counts units `first..first + quantity` that `departure` shows the site named by `gln` returned or
/// destroyed: each once, for the site, which has answered, and for the recall, which is running.
///
/// They are recalled since `scope`, were when they left, and still are: `next_narrowing` gives each later
/// scope that released others.
#[inline(always)]
pub fn prove<S: Deref<Target = Scope>>(
    (address, recall): (&Address, &mut Recall),
    response: &mut Response,
    proofs: &mut Proofs,
    (first, quantity): (u32, u32),
    (departure, gln): (&Departure, u64),
    scope: &Scope,
    next_narrowing: &mut dyn FnMut() -> Result<S>,
) -> Result {
    recall.check_running()?;
    ensure!(departure.site == gln, RecallError::NotSitesEvidence);
    ensure!(
        contains(&recall.units(), &range(first, quantity)),
        RecallError::RangeOutsideRecall
    );
    departure.check_recalled(
        (first, quantity),
        (address, recall),
        scope,
        Until::NOW,
        next_narrowing,
    )?;
    proofs.follow(recall);
    response.follow(recall);
    let new = proofs.show(first, quantity)?;
    ensure!(new == quantity, RecallError::AlreadyShown);
    let before = response.answer();
    response.show(departure.kind, new);
    recall.show(departure.kind, new);
    recall.replace(&before, &response.answer());
    response.invariant()?;
    recall.invariant()
}
