use anchor_lang::prelude::*;
use custody_rules::{Consignment, CustodyError, Transfer, expire::expire};

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
        Ok(expire(&mut self.consignment, &mut self.transfer, now)?)
    }
}
