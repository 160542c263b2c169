use pedigree_domain::ensure;
use registry_rules::Partner;

use crate::{
    error::{CustodyError, Result},
    investigator::check_investigator,
    resolve_case::resolve,
    state::{Case, Lot, LotStatus, Party},
};

/// Ends the case about a whole lot at Unix time `now`. Only a regulator releases a lot that is
/// `condemned`.
///
/// Who made the lot before another adopted it can still clear what it opened, but cannot condemn the lot.
#[inline(always)]
pub fn resolve_lot_case(
    site: &Partner,
    case: &mut Case,
    lot: &mut Lot,
    condemned: bool,
    document_hash: &[u8; 32],
    now: i64,
) -> Result {
    let is_own = case.party == Party::Manufacturer;
    let by_regulator = check_investigator(site, case, now)?;
    ensure!(
        !condemned || by_regulator || !is_own || site.gln == lot.manufacturer,
        CustodyError::NotOverseer
    );
    resolve((site, by_regulator), case, condemned, document_hash, now)?;
    if condemned {
        lot.status = LotStatus::Condemned;
        lot.quarantined_by = site.gln;
    }
    let places = is_own.then_some(&mut lot.own_cases);
    Case::free_place(&mut lot.open_cases, places)?;
    lot.invariant()
}
