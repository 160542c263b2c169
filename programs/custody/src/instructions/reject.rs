use anchor_lang::prelude::*;
use pedigree_domain::Permissions;
use registry::Partner;

use super::signer::{Followers, check_signer};
use crate::{
    errors::CustodyError,
    state::{Consignment, ConsignmentStatus, ExceptionCode, Transfer, TransferState},
};

#[derive(Accounts)]
pub struct Reject {
    pub authority: Signer,
    #[account(constraint = to.gln == transfer.to @ CustodyError::NotTransfersReceiver)]
    pub to: Box<Account<Partner>>,
    #[account(mut, address = transfer.consignment @ CustodyError::NotConsignmentsTransfer)]
    pub consignment: Box<Account<Consignment>>,
    #[account(mut)]
    pub transfer: Box<Account<Transfer>>,
}

impl Reject {
    /// Needs no valid licence: leaving the goods where they are is always allowed.
    pub fn reject(&mut self, exception: u8, followers: &mut Followers) -> Result<()> {
        let now = Clock::get()?.unix_timestamp;
        check_signer(
            &self.authority,
            &self.to,
            Permissions::RECEIVE,
            now,
            followers,
        )?;
        let exception = ExceptionCode::of_instruction(exception)?;
        self.transfer.check_open(&self.consignment)?;
        self.consignment.status = ConsignmentStatus::Held;
        self.transfer.exception = exception;
        self.transfer.settle(TransferState::Rejected, now)
    }
}
