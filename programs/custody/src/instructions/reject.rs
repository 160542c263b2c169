use anchor_lang::prelude::*;
use custody_rules::{Consignment, CustodyError, Transfer, reject::reject};
use pedigree_domain::Permissions;
use registry_rules::Partner;

use super::signer::{RemainingAccounts, check_signer};

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
    pub fn reject(&mut self, exception: u8, remaining: &mut RemainingAccounts) -> Result<()> {
        let now = Clock::get()?.unix_timestamp;
        check_signer(
            &self.authority,
            &self.to,
            Permissions::RECEIVE,
            now,
            remaining,
        )?;
        Ok(reject(
            &mut self.consignment,
            &mut self.transfer,
            exception,
            now,
        )?)
    }
}
