//! Who oversees a whole lot: its manufacturer, and regulators.

use pedigree_domain::Roles;
use registry_rules::Partner;

use crate::{
    error::{CustodyError, Result},
    signer::{check_regulator, check_standing},
    state::Lot,
};

/// Whether `site` oversees `lot` as a regulator at Unix time `now`; refused unless it does, or is the lot's
/// manufacturer. Either in good standing: who may not trade has no say about what others hold.
#[inline(never)]
pub fn is_regulator(site: &Partner, lot: &Lot, now: i64) -> Result<bool> {
    if site.gln == lot.manufacturer {
        check_standing(site, Roles::MANUFACTURER.union(Roles::REPACKAGER), now)?;
        return Ok(false);
    }
    check_regulator(site, CustodyError::NotOverseer, now)?;
    Ok(true)
}
