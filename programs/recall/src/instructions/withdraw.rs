use anchor_lang::{AnchorAccount, prelude::*};
use recall_rules::{Recall, RecallError, Tranche, withdraw::withdraw};
use registry_rules::Partner;

use super::{
    signer::{RemainingAccounts, check_signer},
    vault::{close, pay_out},
};
use crate::token::{Mint, TokenAccount};

#[derive(Accounts)]
pub struct Withdraw {
    pub authority: Signer,
    /// Who funded the tranche.
    pub site: Box<Account<Partner>>,
    #[account(address = tranche.recall @ RecallError::NotRecallsTranche)]
    pub recall: Box<Account<Recall>>,
    #[account(mut)]
    pub tranche: Box<Account<Tranche>>,
    #[account(address = tranche.mint @ RecallError::NotTranchesMint)]
    pub mint: Account<Mint>,
    #[account(mut, address = tranche.vault @ RecallError::NotTranchesVault)]
    pub vault: Account<TokenAccount>,
    /// The site's: its key's own.
    #[account(
        mut,
        constraint = *receiver.owner() == site.authority @ RecallError::NotSitesTokenAccount,
        constraint = receiver.mint() == mint.address() @ RecallError::OtherMint
    )]
    pub receiver: Account<TokenAccount>,
    /// Gets the vault's rent back; often the site's own key.
    #[account(mut, unsafe(dup), address = tranche.payer @ RecallError::NotPayer)]
    pub payer: UncheckedAccount,
    #[account(constraint = mint.account().owned_by(token_program.address()) @ RecallError::NotMintsProgram)]
    pub token_program: UncheckedAccount,
}

impl Withdraw {
    pub fn withdraw(&mut self, remaining: &mut RemainingAccounts) -> Result<()> {
        let now = Clock::get()?.unix_timestamp;
        check_signer(&self.authority, &self.site, now, remaining)?;
        let rest = self.vault.amount();
        withdraw(&self.site, &self.recall, &mut self.tranche, rest, now)?;
        pay_out(
            &self.tranche,
            &mut self.vault,
            &self.mint,
            &mut self.receiver,
            &self.token_program,
            rest,
        )?;
        close(
            &self.tranche,
            &mut self.vault,
            &mut self.payer,
            &self.token_program,
        )
    }
}
