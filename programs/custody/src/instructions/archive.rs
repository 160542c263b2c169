use anchor_lang::prelude::*;
use custody_rules::{CustodyError, Transfer, archive::archive};

#[derive(Accounts)]
pub struct Archive {
    #[account(mut, close = payer)]
    pub transfer: Box<Account<Transfer>>,
    /// Gets the rent back that it paid.
    #[account(mut, address = transfer.payer @ CustodyError::NotPayer)]
    pub payer: UncheckedAccount,
}

impl Archive {
    pub fn archive(&self) -> Result<()> {
        let now = Clock::get()?.unix_timestamp;
        Ok(archive(&self.transfer, now)?)
    }
}
