//! Who oversees a whole lot: its manufacturer, and regulators.

use pedigree_domain::Roles;
use registry_rules::Partner;

use crate::{
    error::{CustodyError, Result},
    signer::{check_regulator, check_standing},
    state::Lot,
};

/// Refuses a `site` that is neither the manufacturer of `lot` nor a regulator at Unix time `now`, in good
/// standing: who may not trade has no say about what others hold. Returns whether it is a regulator.
#[inline(never)]
pub fn check_overseer(site: &Partner, lot: &Lot, now: i64) -> Result<bool> {
    if site.gln == lot.manufacturer {
        check_standing(site, Roles::MANUFACTURER.union(Roles::REPACKAGER), now)?;
        return Ok(false);
    }
    check_regulator(site, CustodyError::NotOverseer, now)?;
    Ok(true)
}
