use pedigree_domain::ensure;
use registry_rules::Partner;

use crate::{
    error::{CustodyError, Result},
    investigator::check_investigator,
    state::{Case, CaseState, Consignment, Party},
};

/// Ends the case about a consignment at Unix time `now`: the goods move again, or only to disposal if
/// they are `condemned`. Who has another's goods does not condemn them by a case that it opened itself, nor who has
/// given title to them up by one that it opened as their owner.
#[inline(always)]
pub fn resolve_case(
    site: &Partner,
    case: &mut Case,
    consignment: &mut Consignment,
    condemned: bool,
    document_hash: &[u8; 32],
    now: i64,
) -> Result {
    let by_regulator = check_investigator(site, case, now)?;
    let is_anothers = [Party::Custodian, Party::Owner].contains(&case.party)
        && consignment.owner != case.opened_by;
    ensure!(
        !condemned || !is_anothers || by_regulator,
        CustodyError::CustodiansCase
    );
    resolve((site, by_regulator), case, condemned, document_hash, now)?;
    consignment.close_case(case)
}

/// Ends a case about a consignment or a lot, as `site`, which may decide about it; `by_regulator` says whether it
/// does so as a regulator.
///
/// Product is condemned if it was determined to be illegitimate, and then only a regulator may clear it.
#[inline(never)]
pub(crate) fn resolve(
    (site, by_regulator): (&Partner, bool),
    case: &mut Case,
    condemned: bool,
    document_hash: &[u8; 32],
    now: i64,
) -> Result {
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
