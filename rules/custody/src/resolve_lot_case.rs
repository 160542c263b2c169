use registry_rules::Partner;

use crate::{
    error::{CustodyError, Result},
    resolve_case::resolve,
    state::{Case, Lot, LotStatus},
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
    lot.open_cases = lot
        .open_cases
        .checked_sub(1)
        .ok_or(CustodyError::CaseResolved)?;
    lot.invariant()
}
