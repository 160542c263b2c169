use anchor_lang::prelude::*;
use recall_rules::{Proofs, Recall, RecallError, Response, Scope, prove::prove};
use registry_rules::Partner;

use super::{
    evidence::{examine, next_narrowing},
    signer::{RemainingAccounts, check_signer},
};

#[derive(Accounts)]
#[instruction(page: u32)]
pub struct Prove {
    #[account(mut, unsafe(dup))]
    pub payer: Signer,
    pub authority: Signer,
    /// Who returned or destroyed the units.
    pub site: Box<Account<Partner>>,
    #[account(mut)]
    pub recall: Box<Account<Recall>>,
    /// The site's answer; it answers before it proves.
    #[account(
        mut,
        constraint = response.recall == *recall.address() @ RecallError::NotRecallsResponse,
        constraint = response.partner == *site.address() @ RecallError::NotSitesResponse
    )]
    pub response: Box<Account<Response>>,
    #[account(
        init_if_needed, payer = payer,
        seeds = [Proofs::SEED, recall.address().as_ref(), bytemuck::bytes_of(&page)],
        bump
    )]
    pub proofs: Box<Account<Proofs>>,
    /// An accepted return's custody `Transfer`, or a destroyed `Consignment`.
    pub evidence: UncheckedAccount,
    /// The one that added the units. Later ones that released units follow the accounts listed here.
    pub scope: Box<Account<Scope>>,
    pub system_program: Program<System>,
}

impl Prove {
    pub fn prove(
        &mut self,
        page: u32,
        first: u32,
        quantity: u32,
        bump: u8,
        remaining: &mut RemainingAccounts,
    ) -> Result<()> {
        let now = Clock::get()?.unix_timestamp;
        check_signer(&self.authority, &self.site, now, remaining)?;
        let departure = examine(&self.evidence)?;
        let (recall, proofs) = (&mut self.recall, &mut self.proofs);
        let address = *recall.address();
        if proofs.recall != address {
            proofs.recall = address;
            proofs.payer = *self.payer.address();
            proofs.page = page;
            proofs.bump = bump;
        }
        Ok(prove(
            (&address, recall),
            &mut self.response,
            proofs,
            (first, quantity),
            (&departure, self.site.gln),
            &self.scope,
            &mut || next_narrowing(remaining),
        )?)
    }
}
