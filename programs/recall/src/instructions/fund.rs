use anchor_lang::{AnchorAccount, accounts::InterfaceAccount, prelude::*};
use anchor_spl::{
    token,
    token_interface::{Mint, TokenAccount, TransferChecked, transfer_checked},
};
use registry::Partner;

use super::{
    mint::check_mint,
    signer::{Followers, check_signer},
};
use crate::{errors::RecallError, state::Recall};

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
    pub mint: InterfaceAccount<Mint>,
    #[account(
        init_if_needed, payer = payer,
        seeds = [Recall::VAULT_SEED, recall.address().as_ref()], bump,
        token::mint = mint, token::authority = recall, token::token_program = token_program
    )]
    pub vault: InterfaceAccount<TokenAccount>,
    /// What pays.
    #[account(mut, constraint = source.mint() == mint.address() @ RecallError::OtherMint)]
    pub source: InterfaceAccount<TokenAccount>,
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
        require!(!self.vault.is_frozen(), RecallError::VaultFrozen);
        require!(!self.source.is_frozen(), RecallError::SourceFrozen);
        let accounts = TransferChecked {
            from: self.source.try_cpi_handle_mut()?,
            mint: self.mint.cpi_handle(),
            to: self.vault.try_cpi_handle_mut()?,
            authority: self.authority.cpi_handle(),
        };
        let context = CpiContext::new(self.token_program.address(), accounts);
        transfer_checked(context, amount, self.mint.decimals())?;

        if recall.mint == Address::default() {
            recall.mint = *self.mint.address();
            recall.vault = *self.vault.address();
            recall.vault_bump = bump;
            recall.vault_payer = *self.payer.address();
        }
        recall.unit_price = unit_price;
        recall.funded = self
            .vault
            .amount()
            .checked_add(recall.paid)
            .ok_or(RecallError::AmountTooLarge)?;
        recall.invariant()
    }
}
