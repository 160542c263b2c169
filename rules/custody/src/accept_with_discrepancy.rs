use pedigree_domain::Roles;
use registry_rules::Partner;
use solana_address::Address;

use crate::{
    accept::accept_cold,
    error::Result,
    open_case::{Finding, answer_time},
    signer::ineligible_receiver,
    state::{Case, Consignment, ExceptionCode, Lot, Party, Transfer},
};

/// What is accepted, each with its address.
pub struct Accepted<'a> {
    pub lot: (&'a Address, &'a Lot),
    pub consignment: (&'a Address, &'a mut Consignment),
    pub transfer: (&'a Address, &'a mut Transfer),
}

/// Takes an offered consignment over at Unix time `now`, and opens the new `case` on what is wrong with
/// it: the sender has to answer.
///
/// The rules are those of an acceptance, and the receiver is in good standing: it stops goods by this. The
/// finding names an exception other than none.
#[inline(always)]
pub fn accept_with_discrepancy(
    (from, to): (&Partner, &Partner),
    accepted: Accepted,
    case: &mut Case,
    sequence: u32,
    finding: &Finding,
    now: i64,
) -> Result {
    let Accepted {
        lot: (lot_address, lot),
        consignment: (consignment_address, consignment),
        transfer: (transfer_address, transfer),
    } = accepted;
    let exception = ExceptionCode::of_instruction(finding.exception)?;
    accept_cold(from, to, lot, consignment, transfer, sequence, now)?;
    to.check_trade(now, Roles::all())
        .map_err(ineligible_receiver)?;
    transfer.exception = exception;

    case.subject = *consignment_address;
    case.lot = *lot_address;
    case.transfer = *transfer_address;
    case.opened_by = to.gln;
    case.answer_by = answer_time(from, now);
    finding.enter(case, exception, now);
    consignment.open_case(case, Party::Custodian)
}
