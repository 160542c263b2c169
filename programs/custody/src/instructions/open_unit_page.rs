use anchor_lang::prelude::*;

use crate::state::{Lot, UnitPage};

#[derive(Accounts)]
#[instruction(number: u32)]
pub struct OpenUnitPage {
    #[account(mut)]
    pub payer: Signer,
    pub lot: Box<Account<Lot>>,
    #[account(
        init, payer = payer,
        seeds = [UnitPage::SEED, lot.address().as_ref(), &number.to_le_bytes()],
        bump
    )]
    pub page: Box<Account<UnitPage>>,
    pub system_program: Program<System>,
}

impl OpenUnitPage {
    /// Opens a page on which all units are active. Whoever pays for it may: there is nothing to
    /// choose.
    pub fn open_unit_page(&mut self, number: u32, bump: u8) -> Result<()> {
        let page = &mut self.page;
        page.lot = *self.lot.address();
        page.number = number;
        page.bump = bump;
        page.invariant(&self.lot)
    }
}
