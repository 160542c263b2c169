use pedigree_domain::ensure;
use registry_rules::Partner;

use crate::{
    error::{RecallError, Result},
    signer::check_confirmed,
    state::{Recall, RecallState},
};

/// Says at Unix time `now` that everything reasonable has been done: for the recalling firm, which is
/// responsible for the product (21 CFR 7.3(i)), reports how the recall goes (7.53) and asks for its end
/// (7.55(b)). That is the lot's `manufacturer` and who holds its product now (`is_holder`). Who made the lot
/// before another adopted it is not the recalling firm any longer, even if it opened the recall.
///
/// It is a report, so it needs no licence in force, but a key that has confirmed its admission. A regulator then
/// decides, by terminating the recall (7.55(a)), and reports to nobody.
#[inline(always)]
pub fn complete(
    (site, is_holder): (&Partner, bool),
    manufacturer: u64,
    recall: &mut Recall,
    document_hash: &[u8; 32],
    now: i64,
) -> Result {
    ensure!(
        is_holder || site.gln == manufacturer,
        RecallError::NotRecallingFirm
    );
    check_confirmed(site)?;
    recall.check_running()?;
    ensure!(
        recall.state != RecallState::Completed,
        RecallError::RecallCompleted
    );
    recall.state = RecallState::Completed;
    recall.changed_at = now;
    recall.document_hash = *document_hash;
    recall.invariant()
}
