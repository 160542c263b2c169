use anchor_lang::prelude::*;
use registry::Partner;

use crate::{
    errors::CustodyError,
    state::{Consignment, ConsignmentStatus, Transfer, TransferState},
};

#[derive(Accounts)]
pub struct Cancel {
    #[account(address = from.authority @ CustodyError::NotPartnerKey)]
    pub authority: Signer,
    #[account(address = transfer.from @ CustodyError::NotTransfersSender)]
    pub from: Account<Partner>,
    #[account(mut, address = transfer.consignment @ CustodyError::NotConsignmentsTransfer)]
    pub consignment: Account<Consignment>,
    #[account(mut)]
    pub transfer: Account<Transfer>,
}

impl Cancel {
    /// Needs no valid licence: leaving the goods where they are is always allowed.
    pub fn cancel(&mut self) -> Result<()> {
        self.transfer.check_open(&self.consignment)?;
        self.consignment.status = ConsignmentStatus::Held;
        self.transfer
            .settle(TransferState::Cancelled, Clock::get()?.unix_timestamp)
    }
}
