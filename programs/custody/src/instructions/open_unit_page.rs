use anchor_lang::prelude::*;
use custody_rules::{Lot, UnitPage, open_unit_page::open_unit_page};

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
    pub fn open_unit_page(&mut self, number: u32, bump: u8) -> Result<()> {
        let page = &mut self.page;
        page.bump = bump;
        let lot = (self.lot.address(), &**self.lot);
        Ok(open_unit_page(lot, page, number)?)
    }
}
