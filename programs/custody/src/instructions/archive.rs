use anchor_lang::prelude::*;

use crate::{
    errors::CustodyError,
    state::{Transfer, TransferState},
};

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
        require!(
            self.transfer.state != TransferState::Offered,
            CustodyError::TransferOpen
        );
        require!(
            now >= self.transfer.settled_at.saturating_add(Transfer::RETENTION),
            CustodyError::TransferRetained
        );
        Ok(())
    }
}
