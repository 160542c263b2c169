use pedigree_domain::{Roles, business_days, ensure};
use registry_rules::Partner;
use solana_address::Address;

use crate::{
    error::{CustodyError, Result},
    overseer::is_regulator,
    state::{Case, Consignment, ExceptionCode, Lot},
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

    /// Fills in a new case and counts it in `cases`, its subject's.
    pub(crate) fn open(
        &self,
        case: &mut Case,
        exception: ExceptionCode,
        now: i64,
        cases: &mut u32,
    ) -> Result {
        case.document_hash = self.document_hash;
        case.opened_at = now;
        case.number = *cases;
        case.units = self.units;
        case.exception = exception;
        *cases = cases.checked_add(1).ok_or(CustodyError::TooManyCases)?;
        case.invariant()
    }
}

/// Until when `site` has to answer a tracing request made at Unix time `now`: one business day, two
/// for a dispenser or a repackager (DSCSA section 582(b)(1)(B), (c)(1)(C), (d)(1)(D), (e)(1)(C)).
pub(crate) fn answer_time(site: &Partner, now: i64) -> i64 {
    let quick = Roles::MANUFACTURER
        .union(Roles::WHOLESALER)
        .union(Roles::LOGISTICS);
    business_days::after(now, if site.roles & quick.bits() == 0 { 2 } else { 1 })
}

/// Freezes a consignment at Unix time `now` until the new `case` is resolved; its custodian has to
/// answer.
///
/// `site` opens it: the custodian, the owner, the lot's manufacturer or a regulator.
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
    if site.gln != consignment.custodian && site.gln != consignment.owner {
        is_regulator(site, lot, now)?;
    }
    case.subject = *consignment_address;
    case.lot = *lot_address;
    case.opened_by = site.gln;
    case.answer_by = answer_time(custodian, now);
    let exception = finding.exception()?;
    finding.open(case, exception, now, &mut consignment.cases)?;
    consignment.count_case()
}
