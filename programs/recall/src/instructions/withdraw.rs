use anchor_lang::{AnchorAccount, prelude::*};
use recall_rules::{Recall, RecallError, withdraw::withdraw};
use registry_rules::Partner;

use super::{
    signer::{RemainingAccounts, check_signer},
    vault::{close, pay_out},
};
use crate::token::{Mint, TokenAccount};

#[derive(Accounts)]
pub struct Withdraw {
    pub authority: Signer,
    /// The lot's manufacturer.
    #[account(constraint = site.gln == recall.manufacturer @ RecallError::NotManufacturer)]
    pub site: Box<Account<Partner>>,
    #[account(mut, constraint = recall.mint != Address::default() @ RecallError::NoEscrow)]
    pub recall: Box<Account<Recall>>,
    #[account(address = recall.mint @ RecallError::NotRecallsMint)]
    pub mint: Account<Mint>,
    #[account(mut, address = recall.vault @ RecallError::NotRecallsVault)]
    pub vault: Account<TokenAccount>,
    /// The manufacturer's: its key's own.
    #[account(
        mut,
        constraint = *receiver.owner() == site.authority @ RecallError::NotSitesTokenAccount,
        constraint = receiver.mint() == mint.address() @ RecallError::OtherMint
    )]
    pub receiver: Account<TokenAccount>,
    /// Gets the vault's rent back; often the manufacturer's own key.
    #[account(mut, unsafe(dup), address = recall.vault_payer @ RecallError::NotPayer)]
    pub payer: UncheckedAccount,
    #[account(constraint = mint.account().owned_by(token_program.address()) @ RecallError::NotMintsProgram)]
    pub token_program: UncheckedAccount,
}

impl Withdraw {
    pub fn withdraw(&mut self, remaining: &mut RemainingAccounts) -> Result<()> {
        let now = Clock::get()?.unix_timestamp;
        check_signer(&self.authority, &self.site, now, remaining)?;
        let rest = self.vault.amount();
        withdraw(&mut self.recall, rest)?;
        pay_out(
            &self.recall,
            &mut self.vault,
            &self.mint,
            &mut self.receiver,
            &self.token_program,
            rest,
        )?;
        close(
            &self.recall,
            &mut self.vault,
            &mut self.payer,
            &self.token_program,
        )
    }
}
