use anchor_lang::prelude::*;
use recall_rules::{
    Claims, Recall, RecallError, Scope, Tranche,
    claim::{Grounds, claim},
};
use registry_rules::Partner;

use super::{
    evidence::{examine, next_narrowing},
    signer::RemainingAccounts,
    vault::pay_out,
};
use crate::token::{Mint, TokenAccount};

#[derive(Accounts)]
#[instruction(page: u32)]
pub struct Claim {
    #[account(mut, unsafe(dup))]
    pub payer: Signer,
    #[account(address = site.authority @ RecallError::OwnKeyOnly)]
    pub authority: Signer,
    /// Who had title to the units.
    pub site: Box<Account<Partner>>,
    pub recall: Box<Account<Recall>>,
    #[account(mut)]
    pub tranche: Box<Account<Tranche>>,
    #[account(
        init_if_needed, payer = payer,
        seeds = [Claims::SEED, evidence.address().as_ref(), bytemuck::bytes_of(&page)],
        bump
    )]
    pub claims: Box<Account<Claims>>,
    /// An accepted return's custody `Transfer`, or a destroyed `Consignment`.
    pub evidence: UncheckedAccount,
    /// The one that added the units. Later ones that released units follow the accounts listed here.
    pub scope: Box<Account<Scope>>,
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
    #[account(constraint = mint.account().owned_by(token_program.address()) @ RecallError::NotMintsProgram)]
    pub token_program: UncheckedAccount,
    pub system_program: Program<System>,
}

impl Claim {
    /// What a site is paid, and from where, is for its own key to say.
    pub fn claim(
        &mut self,
        page: u32,
        first: u32,
        quantity: u32,
        bump: u8,
        remaining: &mut RemainingAccounts,
    ) -> Result<()> {
        let departure = examine(&self.evidence)?;
        let evidence = self.evidence.address();
        let claims = &mut self.claims;
        if claims.evidence != *evidence {
            claims.begin(evidence, &departure, page)?;
            claims.payer = *self.payer.address();
            claims.bump = bump;
        }
        let due = claim(
            &self.site,
            (self.recall.address(), &self.recall),
            &mut self.tranche,
            claims,
            (first, quantity),
            &Grounds {
                departure: (evidence, &departure),
                scope: &self.scope,
            },
            &mut || next_narrowing(remaining),
        )?;
        pay_out(
            &self.tranche,
            &mut self.vault,
            &self.mint,
            &mut self.receiver,
            &self.token_program,
            due,
        )
    }
}
