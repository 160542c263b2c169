use pedigree_domain::ensure;
use registry_rules::Partner;

use crate::{
    error::{CustodyError, Result},
    investigator::check_investigator,
    state::{Case, CaseState, Consignment, Party},
};

/// Ends the case about a consignment at Unix time `now`: the goods move again, or only to disposal if
/// they are `condemned`. Who has another's goods does not condemn them by a case that it opened itself.
#[inline(always)]
pub fn resolve_case(
    site: &Partner,
    case: &mut Case,
    consignment: &mut Consignment,
    condemned: bool,
    document_hash: &[u8; 32],
    now: i64,
) -> Result {
    let is_anothers = case.party == Party::Custodian && consignment.owner != case.opened_by;
    if condemned && is_anothers {
        ensure!(
            check_investigator(site, case, now)?,
            CustodyError::CustodiansCase
        );
    }
    resolve(site, case, condemned, document_hash, now)?;
    consignment.close_case(case)
}

/// Ends a case about a consignment or a lot: for the site that opened it or a regulator, in good standing.
///
/// Product is condemned if it was determined to be illegitimate, and then only a regulator may clear it.
#[inline(never)]
pub(crate) fn resolve(
    site: &Partner,
    case: &mut Case,
    condemned: bool,
    document_hash: &[u8; 32],
    now: i64,
) -> Result {
    let by_regulator = check_investigator(site, case, now)?;
    case.check_unresolved()?;
    ensure!(
        !condemned || case.state == CaseState::Illegitimate,
        CustodyError::CaseNotDetermined
    );
    ensure!(
        condemned || by_regulator || case.state == CaseState::Open,
        CustodyError::CaseDetermined
    );
    case.state = if condemned {
        CaseState::Condemned
    } else {
        CaseState::Cleared
    };
    case.document_hash = *document_hash;
    case.resolved_by = site.gln;
    case.resolved_at = now;
    case.invariant()
}
