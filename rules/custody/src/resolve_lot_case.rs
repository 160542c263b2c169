use registry_rules::Partner;

use crate::{
    error::Result,
    resolve_case::resolve,
    state::{Case, Lot, LotStatus, Party},
};

/// Ends the case about a whole lot at Unix time `now`. Only a regulator releases a lot that is
/// `condemned`.
#[inline(always)]
pub fn resolve_lot_case(
    site: &Partner,
    case: &mut Case,
    lot: &mut Lot,
    condemned: bool,
    document_hash: &[u8; 32],
    now: i64,
) -> Result {
    resolve(site, case, condemned, document_hash, now)?;
    if condemned {
        lot.status = LotStatus::Condemned;
        lot.quarantined_by = site.gln;
    }
    let is_own = case.party == Party::Manufacturer;
    let places = is_own.then_some(&mut lot.own_cases);
    Case::free_place(&mut lot.open_cases, places)?;
    lot.invariant()
}
