use anchor_lang::prelude::*;

use crate::{
    errors::CustodyError,
    state::{Consignment, ConsignmentStatus, Transfer, TransferState},
};

#[derive(Accounts)]
pub struct Expire {
    #[account(mut, address = transfer.consignment @ CustodyError::NotConsignmentsTransfer)]
    pub consignment: Box<Account<Consignment>>,
    #[account(mut)]
    pub transfer: Box<Account<Transfer>>,
}

impl Expire {
    pub fn expire(&mut self) -> Result<()> {
        let now = Clock::get()?.unix_timestamp;
        self.transfer.check_open(&self.consignment)?;
        require!(now > self.transfer.deadline, CustodyError::OfferNotLapsed);
        self.consignment.status = ConsignmentStatus::Held;
        self.transfer.settle(TransferState::Expired, now)
    }
}
