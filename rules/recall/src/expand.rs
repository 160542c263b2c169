use custody_rules::Lot;
use registry_rules::Partner;

use crate::{
    error::Result,
    notice::Notice,
    signer::is_regulator,
    state::{Recall, RecallState},
};

/// Recalls more units of the lot at Unix time `now`: the range becomes `first..first + quantity`, which
/// has all of the old one and more. For the lot's manufacturer or a regulator, until the recall is
/// terminated.
#[inline(always)]
pub fn expand(
    site: &Partner,
    lot: &Lot,
    recall: &mut Recall,
    first: u32,
    quantity: u32,
    notice: &Notice,
    now: i64,
) -> Result {
    is_regulator(site, recall.manufacturer, now)?;
    recall.check_running()?;
    recall.grow(first, quantity, now)?;
    recall.check_within(lot)?;
    recall.state = RecallState::Expanded;
    notice.apply(recall)?;
    recall.changed_at = now;
    recall.invariant()
}
