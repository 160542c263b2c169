use anchor_lang::prelude::*;
use pedigree_domain::Permissions;
use registry::Partner;

use super::signer::{Followers, check_signer};
use crate::{
    errors::CustodyError,
    state::{Consignment, ConsignmentStatus, Transfer, TransferState},
};

#[derive(Accounts)]
pub struct Cancel {
    pub authority: Signer,
    #[account(constraint = from.gln == transfer.from @ CustodyError::NotTransfersSender)]
    pub from: Box<Account<Partner>>,
    #[account(mut, address = transfer.consignment @ CustodyError::NotConsignmentsTransfer)]
    pub consignment: Box<Account<Consignment>>,
    #[account(mut)]
    pub transfer: Box<Account<Transfer>>,
}

impl Cancel {
    /// Needs no valid licence: leaving the goods where they are is always allowed.
    pub fn cancel(&mut self, followers: &mut Followers) -> Result<()> {
        let now = Clock::get()?.unix_timestamp;
        check_signer(
            &self.authority,
            &self.from,
            Permissions::SHIP,
            now,
            followers,
        )?;
        self.transfer.check_open(&self.consignment)?;
        self.consignment.status = ConsignmentStatus::Held;
        self.transfer.settle(TransferState::Cancelled, now)
    }
}
