use anchor_lang::{address_eq, prelude::*};
use custody_rules::{CustodyError, Lot, RECALL_AUTHORITY};

#[derive(Accounts)]
pub struct SetRecalledRange {
    /// The recall program, by its PDA.
    pub recall_authority: Signer,
    #[account(mut)]
    pub lot: Box<Account<Lot>>,
}

impl SetRecalledRange {
    /// Stops units `first..first + quantity` from the next instruction on: who may say so, and for
    /// which units, is the recall program's to decide.
    pub fn set_recalled_range(&mut self, number: u8, first: u32, quantity: u32) -> Result<()> {
        require!(
            address_eq(self.recall_authority.address(), &RECALL_AUTHORITY),
            CustodyError::NotRecallAuthority
        );
        Ok(self.lot.set_recalled_range(number, first, quantity)?)
    }
}
