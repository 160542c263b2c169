use pedigree_domain::ensure;
use registry_rules::Partner;

use crate::{
    error::{RecallError, Result},
    state::{Recall, RecallState},
};

/// Says at Unix time `now` that everything reasonable has been done: for who opened the recall, the lot's
/// manufacturer and who holds its product now (`is_holder`). It is a report, so it needs no licence in
/// force; a regulator then decides, by terminating (21 CFR 7.55).
#[inline(always)]
pub fn complete(
    (site, is_holder): (&Partner, bool),
    recall: &mut Recall,
    document_hash: &[u8; 32],
    now: i64,
) -> Result {
    ensure!(
        is_holder || site.gln == recall.opened_by || site.gln == recall.manufacturer,
        RecallError::NotOpener
    );
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
