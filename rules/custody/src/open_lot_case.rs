use registry_rules::Partner;
use solana_address::Address;

use crate::{
    error::{CustodyError, Result},
    open_case::{Finding, within_one_business_day},
    overseer::is_regulator,
    state::{Case, Lot},
};

/// Freezes a whole lot at Unix time `now` until the new `case` is resolved. Its manufacturer has to
/// answer within one business day and 48 hours (DSCSA section 582(b)(1)(B)).
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
    case.answer_by = within_one_business_day(now);
    let exception = finding.exception()?;
    finding.open(case, exception, now, &mut lot.cases)?;
    lot.open_cases = lot
        .open_cases
        .checked_add(1)
        .ok_or(CustodyError::TooManyCases)?;
    lot.invariant()
}
