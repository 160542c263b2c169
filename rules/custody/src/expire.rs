use pedigree_domain::ensure;

use crate::{
    error::{CustodyError, Result},
    state::{Consignment, ConsignmentStatus, Transfer, TransferState},
};

/// Ends an offer whose deadline lies before Unix time `now`.
#[inline(always)]
pub fn expire(consignment: &mut Consignment, transfer: &mut Transfer, now: i64) -> Result {
    transfer.check_open(consignment)?;
    ensure!(now > transfer.deadline, CustodyError::OfferNotLapsed);
    consignment.status = ConsignmentStatus::Held;
    transfer.settle(TransferState::Expired, now)
}
