use anchor_lang::{AnchorAccount, prelude::*};
use recall_rules::{
    Recall, RecallError,
    fund::{Vault, check_funding, fund},
    mint::check_extensions,
};
use registry_rules::Partner;

use super::{
    signer::{RemainingAccounts, check_signer},
    vault::{open, transfer},
};
use crate::token::{Extensions, Mint, TokenAccount};

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
    pub fn fund(
        &mut self,
        amount: u64,
        unit_price: u64,
        bump: u8,
        remaining: &mut RemainingAccounts,
    ) -> Result<()> {
        let now = Clock::get()?.unix_timestamp;
        check_signer(&self.authority, &self.site, now, remaining)?;
        let recall = &mut self.recall;
        recall.check_running()?;
        check_extensions(self.mint.extensions())?;
        check_funding(recall, amount, unit_price)?;
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

        let vault = Vault {
            mint: self.mint.address(),
            address: vault.address(),
            payer: self.payer.address(),
            bump,
            amount: vault.amount(),
        };
        Ok(fund(recall, &vault, unit_price)?)
    }
}
