use anchor_lang::prelude::*;
use custody_rules::{Consignment, CustodyError, Transfer, cancel::cancel};
use pedigree_domain::Permissions;
use registry_rules::Partner;

use super::signer::{RemainingAccounts, check_signer};

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
    pub fn cancel(&mut self, remaining: &mut RemainingAccounts) -> Result<()> {
        let now = Clock::get()?.unix_timestamp;
        check_signer(
            &self.authority,
            &self.from,
            Permissions::SHIP,
            now,
            remaining,
        )?;
        Ok(cancel(&mut self.consignment, &mut self.transfer, now)?)
    }
}
