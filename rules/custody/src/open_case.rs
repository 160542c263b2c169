use pedigree_domain::{Roles, business_days, ensure};
use registry_rules::Partner;
use solana_address::Address;

use crate::{
    error::{CustodyError, Result},
    overseer::check_overseer,
    signer::check_standing,
    state::{Case, Consignment, ExceptionCode, Lot, Party},
};

/// What is wrong.
#[cfg_attr(
    feature = "anchor",
    derive(
        anchor_lang::AnchorSerialize,
        anchor_lang::AnchorDeserialize,
        anchor_lang::IdlType
    )
)]
#[derive(Clone, Copy, Debug)]
pub struct Finding {
    /// Code of an [`ExceptionCode`]; 0 for product that is suspect.
    pub exception: u8,
    /// How many units it concerns.
    pub units: u32,
    /// SHA-256 of the finding with a salt.
    pub document_hash: [u8; 32],
}

impl Finding {
    /// What it names, an exception or a suspicion.
    pub(crate) fn exception(&self) -> Result<ExceptionCode> {
        let exception = ExceptionCode::from_code(self.exception);
        ensure!(exception.is_known(), CustodyError::InvalidException);
        Ok(exception)
    }

    /// Writes itself into a case that is opened at Unix time `now`.
    pub(crate) fn enter(&self, case: &mut Case, exception: ExceptionCode, now: i64) {
        case.document_hash = self.document_hash;
        case.opened_at = now;
        case.units = self.units;
        case.exception = exception;
    }
}

/// Until when `site` has to answer a tracing request made at Unix time `now`.
///
/// - A manufacturer, a wholesale distributor and a repackager: "not later than 1 business day, and not to
///   exceed 48 hours, after receiving the request" (DSCSA section 582(b)(1)(B), (c)(1)(C), (e)(1)(C)). Both
///   limits hold, so over a weekend it is the hours.
/// - A dispenser: "not later than 2 business days after receiving the request" (section 582(d)(1)(D)).
/// - Who is several of these keeps the rules of all (section 582(a)(1)): two days are for who only dispenses.
/// - The law sets no time for a 3PL, which answers as those do for whom it stores.
pub(crate) fn answer_time(site: &Partner, now: i64) -> i64 {
    if site.roles & Roles::CUSTODIANS.bits() == Roles::DISPENSER.bits() {
        business_days::after(now, 2)
    } else {
        within_one_business_day(now)
    }
}

/// One business day after Unix time `now`, and not more than 48 hours.
pub(crate) fn within_one_business_day(now: i64) -> i64 {
    const HOURS: i64 = 3_600;
    business_days::after(now, 1).min(now.saturating_add(48 * HOURS))
}

/// Freezes a consignment at Unix time `now` until the new `case` is resolved; its custodian has to
/// answer.
///
/// `site` opens it: the custodian, the owner, the lot's manufacturer or a regulator, in good standing. Each
/// of them but a regulator may have [`Case::PLACES`] open.
#[inline(always)]
pub fn open_case(
    site: &Partner,
    custodian: &Partner,
    (lot_address, lot): (&Address, &Lot),
    (consignment_address, consignment): (&Address, &mut Consignment),
    case: &mut Case,
    finding: &Finding,
    now: i64,
) -> Result {
    let party = if site.gln == consignment.custodian {
        Party::Custodian
    } else if site.gln == consignment.owner {
        Party::Owner
    } else if check_overseer(site, lot, now)? {
        Party::Regulator
    } else {
        Party::Manufacturer
    };
    check_standing(site, Roles::all(), now)?;
    case.subject = *consignment_address;
    case.lot = *lot_address;
    case.opened_by = site.gln;
    case.answer_by = answer_time(custodian, now);
    finding.enter(case, finding.exception()?, now);
    consignment.open_case(case, party)
}
