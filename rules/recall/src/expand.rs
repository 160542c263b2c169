use custody_rules::Lot;
use pedigree_domain::ensure;
use registry_rules::Partner;
use solana_address::Address;

use crate::{
    error::{RecallError, Result},
    notice::Notice,
    signer::check_overseer,
    state::{Recall, RecallState, Scope, contains, range},
};

/// Recalls more units of the lot at Unix time `now`, as the new `scope` records: the range becomes
/// `first..first + quantity`, which has all of the old one and more. For the lot's manufacturer, who holds its
/// product now (`is_holder`), or a regulator, until the recall is terminated. Who made the lot before another
/// adopted it can no longer expand it. If a regulator published the recall's notice, only a regulator replaces it.
///
/// What was recalled before stays recalled since it was added, so nobody who acted on it loses by it; and it is to be
/// notified of by when it was: the scope has the deadline for what is added.
#[inline(always)]
pub fn expand(
    (site, is_holder): (&Partner, bool),
    lot: &Lot,
    (address, recall): (&Address, &mut Recall),
    scope: &mut Scope,
    (first, quantity): (u32, u32),
    notice: &Notice,
    now: i64,
) -> Result {
    let by_regulator = check_overseer(site, lot.manufacturer, is_holder, now)?;
    recall.check_running()?;
    let is_wider = recall.quantity == 0 || contains(&range(first, quantity), &recall.units());
    ensure!(
        is_wider && quantity > recall.quantity,
        RecallError::RangeNotGrown
    );
    recall.set_range(address, lot, (first, quantity), scope, now)?;
    recall.state = RecallState::Expanded;
    notice.apply(recall, by_regulator)?;
    recall.expanded_at = now;
    recall.changed_at = now;
    recall.invariant()
}
