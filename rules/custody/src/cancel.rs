use crate::{
    error::Result,
    state::{Consignment, ConsignmentStatus, Transfer, TransferState},
};

/// Ends an offer at Unix time `now`, because the sender takes it back.
///
/// No licence is needed: leaving the goods where they are is always allowed.
#[inline(always)]
pub fn cancel(consignment: &mut Consignment, transfer: &mut Transfer, now: i64) -> Result {
    transfer.check_open(consignment)?;
    consignment.status = ConsignmentStatus::Held;
    transfer.settle(TransferState::Cancelled, now)
}
