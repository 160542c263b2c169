use registry_rules::Partner;
use solana_address::Address;

use crate::{
    error::Result,
    open_case::{Finding, within_one_business_day},
    overseer::check_overseer,
    state::{Case, Lot, Party},
};

/// Freezes a whole lot at Unix time `now` until the new `case` is resolved. Its manufacturer has to
/// answer within one business day and 48 hours (DSCSA section 582(b)(1)(B)).
///
/// `site` opens it: the lot's manufacturer, which may have [`Case::PLACES`] open, or a regulator; in good
/// standing.
#[inline(always)]
pub fn open_lot_case(
    site: &Partner,
    (lot_address, lot): (&Address, &mut Lot),
    case: &mut Case,
    finding: &Finding,
    now: i64,
) -> Result {
    let by_regulator = check_overseer(site, lot, now)?;
    case.subject = *lot_address;
    case.lot = *lot_address;
    case.opened_by = site.gln;
    case.answer_by = within_one_business_day(now);
    finding.enter(case, finding.exception()?, now);
    case.party = if by_regulator {
        Party::Regulator
    } else {
        Party::Manufacturer
    };
    let places = (!by_regulator).then_some(&mut lot.own_cases);
    case.take_place(&mut lot.cases, &mut lot.open_cases, places)?;
    case.invariant()?;
    lot.invariant()
}
