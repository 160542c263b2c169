use anchor_lang::{AnchorAccount, prelude::*};
use registry::Partner;

use super::{
    mint::check_mint,
    signer::{Followers, check_signer},
    vault::{open, transfer},
};
use crate::{
    errors::RecallError,
    state::{Mint, Recall, TokenAccount},
};

#[derive(Accounts)]
pub struct Fund {
    #[account(mut, unsafe(dup))]
    pub payer: Signer,
    /// Signs for the site, and for the token account that pays.
    pub authority: Signer,
    /// The lot's manufacturer.
    #[account(constraint = site.gln == recall.manufacturer @ RecallError::NotManufacturer)]
    pub site: Box<Account<Partner>>,
    #[account(mut)]
    pub recall: Box<Account<Recall>>,
    #[account(
        constraint = recall.mint == Address::default() || recall.mint == *mint.address()
            @ RecallError::NotRecallsMint
    )]
    pub mint: Account<Mint>,
    /// A token account that the recall owns; created with the first funding.
    #[account(mut, seeds = [Recall::VAULT_SEED, recall.address().as_ref()], bump)]
    pub vault: UncheckedAccount,
    /// What pays.
    #[account(mut, constraint = source.mint() == mint.address() @ RecallError::OtherMint)]
    pub source: Account<TokenAccount>,
    #[account(constraint = mint.account().owned_by(token_program.address()) @ RecallError::NotMintsProgram)]
    pub token_program: UncheckedAccount,
    pub system_program: Program<System>,
}

impl Fund {
    /// The first funding decides in which token the recall pays. What was sent to the vault without
    /// this instruction counts from the next funding on.
    pub fn fund(
        &mut self,
        amount: u64,
        unit_price: u64,
        bump: u8,
        followers: &mut Followers,
    ) -> Result<()> {
        let now = Clock::get()?.unix_timestamp;
        check_signer(&self.authority, &self.site, now, followers)?;
        let recall = &mut self.recall;
        recall.check_running()?;
        check_mint(&self.mint)?;
        require!(amount > 0, RecallError::NothingFunded);
        require!(
            unit_price > 0 && unit_price >= recall.unit_price,
            RecallError::PriceLowered
        );
        let mut vault = open(
            &self.vault,
            &self.payer,
            recall.address(),
            &self.mint,
            &self.token_program,
            bump,
        )?;
        require!(!vault.is_frozen(), RecallError::VaultFrozen);
        require!(!self.source.is_frozen(), RecallError::SourceFrozen);
        transfer(
            &self.token_program,
            [
                self.source.try_cpi_handle_mut()?,
                vault.try_cpi_handle_mut()?,
            ],
            &self.mint,
            self.authority.cpi_handle(),
            amount,
            &[],
        );

        if recall.mint == Address::default() {
            recall.mint = *self.mint.address();
            recall.vault = *vault.address();
            recall.vault_bump = bump;
            recall.vault_payer = *self.payer.address();
        }
        recall.unit_price = unit_price;
        recall.funded = vault
            .amount()
            .checked_add(recall.paid)
            .ok_or(RecallError::AmountTooLarge)?;
        recall.invariant()
    }
}
