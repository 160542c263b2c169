use pedigree_domain::ensure;
use registry_rules::Partner;

use crate::{
    error::{RecallError, Result},
    signer::check_overseer,
    state::{Recall, RecallState},
    strategy::RecallStrategy,
};

/// Changes a running recall's class, depth and effectiveness check at Unix time `now`. A regulator
/// decides as it sees fit, and assigns the class by naming one, be it the one that was proposed (21 CFR
/// 7.41(b)). The lot's `manufacturer`, or who holds its product now (`is_holder`), cannot make a recall less strict,
/// nor change a class that a regulator assigned. Who made the lot before another adopted it changes nothing.
///
/// A deadline to notify may come nearer, but is never put off.
#[inline(always)]
pub fn reclassify(
    (site, is_holder): (&Partner, bool),
    manufacturer: u64,
    recall: &mut Recall,
    strategy: &RecallStrategy,
    document_hash: &[u8; 32],
    now: i64,
) -> Result {
    let by_regulator = check_overseer(site, manufacturer, is_holder, now)?;
    recall.check_running()?;
    let (class, depth, percent) = (recall.class, recall.depth, recall.check_percent);
    ensure!(strategy.class != 0, RecallError::InvalidClass);
    strategy.apply(recall)?;
    let is_no_less_grave = recall.class.rank() <= class.rank()
        && recall.depth.code() <= depth.code()
        && recall.check_percent >= percent;
    if by_regulator {
        recall.classified_by = site.gln;
    } else {
        ensure!(is_no_less_grave, RecallError::NotStricter);
        ensure!(
            recall.classified_by == 0 || recall.class == class,
            RecallError::ClassAssigned
        );
    }
    recall.hasten(now);
    recall.state = RecallState::Reclassified;
    recall.changed_at = now;
    recall.document_hash = *document_hash;
    recall.invariant()
}
