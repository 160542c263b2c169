use pedigree_domain::ensure;
use registry_rules::Partner;

use crate::{
    error::{CustodyError, Result},
    overseer::check_overseer,
    state::{Lot, LotStatus},
};

/// Keeps every unit of a released lot from going down the chain: for its manufacturer or a regulator, in good
/// standing.
#[inline(always)]
pub fn quarantine_lot(site: &Partner, lot: &mut Lot, now: i64) -> Result {
    check_overseer(site, lot, now)?;
    ensure!(
        lot.status == LotStatus::Released,
        CustodyError::LotQuarantined
    );
    lot.status = LotStatus::Quarantined;
    lot.quarantined_by = site.gln;
    lot.invariant()
}

/// Lets the lot move again: for whoever quarantined it, and for a regulator always; in good standing.
#[inline(always)]
pub fn release_lot(site: &Partner, lot: &mut Lot, now: i64) -> Result {
    let by_regulator = check_overseer(site, lot, now)?;
    ensure!(
        lot.status != LotStatus::Released,
        CustodyError::NotQuarantined
    );
    let is_own = lot.status == LotStatus::Quarantined && lot.quarantined_by == site.gln;
    ensure!(by_regulator || is_own, CustodyError::ReleasedByRegulator);
    lot.status = LotStatus::Released;
    lot.quarantined_by = 0;
    lot.invariant()
}
