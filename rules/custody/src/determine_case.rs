use pedigree_domain::ensure;
use registry_rules::Partner;

use crate::{
    error::{CustodyError, Result},
    investigator::check_investigator,
    state::{Case, CaseState},
};

/// Determines at Unix time `now` that an open case's product is illegitimate: FDA and the trading
/// partners must be notified within 24 hours. For who opened the case or a regulator, in good standing.
#[inline(always)]
pub fn determine_case(
    site: &Partner,
    case: &mut Case,
    document_hash: &[u8; 32],
    now: i64,
) -> Result {
    check_investigator(site, case, now)?;
    ensure!(
        case.state == CaseState::Open,
        if case.is_resolved() {
            CustodyError::CaseResolved
        } else {
            CustodyError::CaseDetermined
        }
    );
    case.state = CaseState::Illegitimate;
    case.document_hash = *document_hash;
    case.determination_hash = *document_hash;
    case.determined_at = now;
    case.notify_by = now.saturating_add(Case::NOTICE);
    case.invariant()
}
