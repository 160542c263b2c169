use pedigree_domain::business_days;
use registry_rules::Partner;
use solana_address::Address;

use crate::{
    error::{CustodyError, Result},
    open_case::Finding,
    overseer::is_regulator,
    state::{Case, Lot},
};

/// Freezes a whole lot at Unix time `now` until the new `case` is resolved. Its manufacturer has to
/// answer, within one business day.
///
/// `site` opens it: the lot's manufacturer or a regulator.
#[inline(always)]
pub fn open_lot_case(
    site: &Partner,
    (lot_address, lot): (&Address, &mut Lot),
    case: &mut Case,
    finding: &Finding,
    now: i64,
) -> Result {
    is_regulator(site, lot, now)?;
    case.subject = *lot_address;
    case.lot = *lot_address;
    case.opened_by = site.gln;
    case.answer_by = business_days::after(now, 1);
    let exception = finding.exception()?;
    finding.open(case, exception, now, &mut lot.cases)?;
    lot.open_cases = lot
        .open_cases
        .checked_add(1)
        .ok_or(CustodyError::TooManyCases)?;
    lot.invariant()
}
