use anchor_lang::prelude::*;

use crate::{errors::CustodyError, state::DispenseRecord};

#[derive(Accounts)]
pub struct CloseDispenseRecord {
    #[account(mut, close = payer)]
    pub record: Box<Account<DispenseRecord>>,
    /// Gets the rent back that it paid.
    #[account(mut, address = record.payer @ CustodyError::NotPayer)]
    pub payer: UncheckedAccount,
}

impl CloseDispenseRecord {
    /// Gives the rent back once nothing in the record can be undone. Anyone may.
    pub fn close_dispense_record(&self) -> Result<()> {
        let now = Clock::get()?.unix_timestamp;
        let undoable_until = self
            .record
            .last_at
            .saturating_add(DispenseRecord::UNDO_TIME);
        require!(now > undoable_until, CustodyError::RecordRetained);
        Ok(())
    }
}
