use anchor_lang::prelude::*;
use custody_rules::{CustodyError, UnitRecord, close_unit_record::close_unit_record};

#[derive(Accounts)]
pub struct CloseUnitRecord {
    #[account(mut, close = payer)]
    pub record: Box<Account<UnitRecord>>,
    /// Gets the rent back that it paid. If it signs, it need not wait as long as anybody else.
    #[account(mut, address = record.payer @ CustodyError::NotPayer)]
    pub payer: UncheckedAccount,
}

impl CloseUnitRecord {
    /// Gives the rent back once the record is not needed any more.
    pub fn close_unit_record(&self) -> Result<()> {
        let now = Clock::get()?.unix_timestamp;
        let by_payer = self.payer.account().is_signer();
        Ok(close_unit_record(&self.record, by_payer, now)?)
    }
}
