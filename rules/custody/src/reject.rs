use crate::{
    error::Result,
    state::{Consignment, ConsignmentStatus, ExceptionCode, Transfer, TransferState},
};

/// Ends an offer at Unix time `now`, because the receiver refuses it for the reason `exception`, the code
/// of an [`ExceptionCode`] other than none.
///
/// No licence is needed: leaving the goods where they are is always allowed.
#[inline(always)]
pub fn reject(
    consignment: &mut Consignment,
    transfer: &mut Transfer,
    exception: u8,
    now: i64,
) -> Result {
    let exception = ExceptionCode::of_instruction(exception)?;
    transfer.check_open(consignment)?;
    consignment.status = ConsignmentStatus::Held;
    transfer.exception = exception;
    transfer.settle(TransferState::Rejected, now)
}
