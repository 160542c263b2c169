//! Who investigates a case: who opened it, and regulators.

use pedigree_domain::Roles;
use registry_rules::Partner;

use crate::{
    error::{CustodyError, Result},
    signer::{check_confirmed, check_regulator, check_standing},
    state::Case,
};

/// Refuses a `site` that neither opened `case` nor is a regulator at Unix time `now`, in good standing: a
/// finding binds what others hold. Returns whether it is a regulator.
#[inline(never)]
pub fn check_investigator(site: &Partner, case: &Case, now: i64) -> Result<bool> {
    if site.gln == case.opened_by {
        check_standing(site, Roles::all(), now)?;
        return Ok(site.roles & Roles::REGULATOR.bits() != 0);
    }
    check_regulator(site, CustodyError::NotInvestigator, now)?;
    Ok(true)
}

/// Refuses a `site` that may not report on `case` at Unix time `now`: who opened it may in any standing,
/// because to notify is a duty, once its key has confirmed its admission, and regulators may.
#[inline(never)]
pub fn check_reporter(site: &Partner, case: &Case, now: i64) -> Result {
    if site.gln == case.opened_by {
        return check_confirmed(site);
    }
    check_regulator(site, CustodyError::NotInvestigator, now)
}
