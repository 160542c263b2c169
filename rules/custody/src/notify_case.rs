use pedigree_domain::ensure;
use registry_rules::Partner;

use crate::{
    error::{CustodyError, Result},
    investigator::check_reporter,
    state::Case,
};

/// Records at Unix time `now` that FDA and the trading partners were notified of illegitimate product
/// (Form FDA 3911), once. For who opened the case, whatever its standing, or a regulator.
#[inline(always)]
pub fn notify_case(site: &Partner, case: &mut Case, document_hash: &[u8; 32], now: i64) -> Result {
    check_reporter(site, case, now)?;
    ensure!(case.determined_at != 0, CustodyError::CaseNotDetermined);
    ensure!(case.notified_at == 0, CustodyError::CaseNotified);
    case.notified_at = now;
    case.document_hash = *document_hash;
    case.notification_hash = *document_hash;
    case.invariant()
}
