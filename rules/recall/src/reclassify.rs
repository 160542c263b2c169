use pedigree_domain::ensure;
use registry_rules::Partner;

use crate::{
    error::{RecallError, Result},
    signer::is_regulator,
    state::{Recall, RecallState},
    strategy::RecallStrategy,
};

/// Changes a running recall's class, depth and effectiveness check at Unix time `now`. A regulator
/// decides as it sees fit; the manufacturer cannot play a recall down.
///
/// A deadline to notify may come nearer, but is never put off.
#[inline(always)]
pub fn reclassify(
    site: &Partner,
    recall: &mut Recall,
    strategy: &RecallStrategy,
    document_hash: &[u8; 32],
    now: i64,
) -> Result {
    let by_regulator = is_regulator(site, recall.manufacturer, now)?;
    recall.check_running()?;
    let (class, depth, percent) = (recall.class, recall.depth, recall.check_percent);
    ensure!(strategy.class != 0, RecallError::InvalidClass);
    strategy.apply(recall)?;
    let is_no_less_grave = recall.class.rank() <= class.rank()
        && recall.depth.code() <= depth.code()
        && recall.check_percent >= percent;
    ensure!(by_regulator || is_no_less_grave, RecallError::NotStricter);
    let deadline = recall.class.notify_by(now);
    recall.notify_by = recall.notify_by.min(deadline);
    if recall.expansion_notify_by != 0 {
        recall.expansion_notify_by = recall.expansion_notify_by.min(deadline);
    }
    recall.state = RecallState::Reclassified;
    recall.changed_at = now;
    recall.document_hash = *document_hash;
    recall.invariant()
}
