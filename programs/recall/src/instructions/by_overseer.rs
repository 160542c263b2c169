//! The accounts of a decision about which units a recall stops.

use anchor_lang::prelude::*;
use custody_rules::Lot;
use recall_rules::{Recall, RecallError, Scope};
use registry_rules::{Partner, Product};

use super::{
    signer::{RemainingAccounts, check_signer},
    stop::set_recalled_range,
};

#[derive(Accounts)]
pub struct ByOverseer {
    #[account(mut, unsafe(dup))]
    pub payer: Signer,
    pub authority: Signer,
    /// The lot's manufacturer, who holds its product, or a regulator.
    pub site: Box<Account<Partner>>,
    #[account(constraint = product.gtin == recall.gtin @ RecallError::NotRecallsProduct)]
    pub product: Box<Account<Product>>,
    #[account(mut)]
    pub recall: Box<Account<Recall>>,
    #[account(mut, address = recall.lot @ RecallError::NotRecallsLot)]
    pub lot: Box<Account<Lot>>,
    /// The recall's next.
    #[account(
        init, payer = payer,
        seeds = [Scope::SEED, recall.address().as_ref(), bytemuck::bytes_of(&recall.scopes)],
        bump
    )]
    pub scope: Box<Account<Scope>>,
    /// Signs for this program.
    #[account(address = custody_rules::RECALL_AUTHORITY)]
    pub recall_authority: UncheckedAccount,
    #[account(address = custody_rules::ID)]
    pub custody_program: UncheckedAccount,
    pub system_program: Program<System>,
}

impl ByOverseer {
    /// Checks the signer, and says what time it is.
    pub(super) fn check(&self, remaining: &mut RemainingAccounts) -> Result<i64> {
        let now = Clock::get()?.unix_timestamp;
        check_signer(&self.authority, &self.site, now, remaining)?;
        Ok(now)
    }

    /// Has custody stop what the recall's range is now.
    pub(super) fn stop(&mut self) -> Result<()> {
        let recall = &self.recall;
        set_recalled_range(
            &mut self.lot,
            &self.recall_authority,
            recall.number,
            recall.first,
            recall.quantity,
        )
    }
}
