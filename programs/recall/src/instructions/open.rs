use anchor_lang::prelude::*;
use custody_rules::Lot;
use recall_rules::{Notice, Recall, RecallError, RecallTerms, Scope, open::open};
use registry_rules::{Partner, Product};

use super::{
    signer::{RemainingAccounts, check_signer},
    stop::set_recalled_range,
};

#[derive(Accounts)]
pub struct Open {
    #[account(mut, unsafe(dup))]
    pub payer: Signer,
    pub authority: Signer,
    /// The lot's manufacturer, who holds its product, or a regulator.
    pub site: Box<Account<Partner>>,
    #[account(address = lot.product @ RecallError::NotRecallsProduct)]
    pub product: Box<Account<Product>>,
    #[account(mut)]
    pub lot: Box<Account<Lot>>,
    #[account(
        init, payer = payer,
        seeds = [Recall::SEED, lot.address().as_ref(), bytemuck::bytes_of(&lot.recalls)],
        bump
    )]
    pub recall: Box<Account<Recall>>,
    /// The recall's first.
    #[account(init, payer = payer, seeds = [Scope::SEED, recall.address().as_ref(), &[0; 4]], bump)]
    pub scope: Box<Account<Scope>>,
    /// Signs for this program.
    #[account(address = custody_rules::RECALL_AUTHORITY)]
    pub recall_authority: UncheckedAccount,
    #[account(address = custody_rules::ID)]
    pub custody_program: UncheckedAccount,
    pub system_program: Program<System>,
}

impl Open {
    /// The units are stopped when this returns, whoever holds them, and however many do.
    pub fn open(
        &mut self,
        terms: &RecallTerms,
        notice: &Notice,
        (bump, scope_bump): (u8, u8),
        remaining: &mut RemainingAccounts,
    ) -> Result<()> {
        let now = Clock::get()?.unix_timestamp;
        check_signer(&self.authority, &self.site, now, remaining)?;
        let (lot, recall, scope) = (&mut self.lot, &mut self.recall, &mut self.scope);
        recall.bump = bump;
        scope.bump = scope_bump;
        let address = *recall.address();
        let of_lot = (lot.address(), &***lot);
        let is_holder = self.product.manufacturer == *self.site.address();
        open(
            (&self.site, is_holder),
            of_lot,
            (&address, recall),
            scope,
            terms,
            notice,
            now,
        )?;
        set_recalled_range(
            lot,
            &self.recall_authority,
            recall.number,
            terms.first,
            terms.quantity,
        )
    }
}
