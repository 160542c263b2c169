use anchor_lang::prelude::*;
use custody_rules::{Case, Finding, Lot, open_lot_case::open_lot_case};
use pedigree_domain::Permissions;
use registry_rules::Partner;

use super::signer::{RemainingAccounts, check_signer};

#[derive(Accounts)]
pub struct OpenLotCase {
    #[account(mut, unsafe(dup))]
    pub payer: Signer,
    pub authority: Signer,
    /// Who opens the case: the lot's manufacturer or a regulator.
    pub site: Box<Account<Partner>>,
    #[account(mut)]
    pub lot: Box<Account<Lot>>,
    #[account(
        init, payer = payer,
        seeds = [Case::SEED, lot.address().as_ref(), bytemuck::bytes_of(&lot.cases)],
        bump
    )]
    pub case: Box<Account<Case>>,
    pub system_program: Program<System>,
}

impl OpenLotCase {
    pub fn open_lot_case(
        &mut self,
        finding: &Finding,
        bump: u8,
        remaining: &mut RemainingAccounts,
    ) -> Result<()> {
        let now = Clock::get()?.unix_timestamp;
        check_signer(
            &self.authority,
            &self.site,
            Permissions::QUARANTINE,
            now,
            remaining,
        )?;
        let lot_address = *self.lot.address();
        let case = &mut self.case;
        case.payer = *self.payer.address();
        case.bump = bump;
        let lot = (&lot_address, &mut **self.lot);
        Ok(open_lot_case(&self.site, lot, case, finding, now)?)
    }
}
