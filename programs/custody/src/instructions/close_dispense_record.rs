use anchor_lang::prelude::*;
use custody_rules::{CustodyError, DispenseRecord, close_dispense_record::close_dispense_record};

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
        Ok(close_dispense_record(&self.record, now)?)
    }
}
