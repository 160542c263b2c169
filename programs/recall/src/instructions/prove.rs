use anchor_lang::prelude::*;
use recall_rules::{Claims, Recall, RecallError, Response, evidence::Units, prove::prove};
use registry_rules::Partner;

use super::{
    evidence::{begin_page, examine},
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
        seeds = [Claims::SEED, recall.address().as_ref(), bytemuck::bytes_of(&page)],
        bump
    )]
    pub claims: Box<Account<Claims>>,
    /// An accepted return's custody `Transfer`, or a destroyed `Consignment`.
    pub evidence: UncheckedAccount,
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
        let (recall, claims) = (&mut self.recall, &mut self.claims);
        let units = Units {
            page,
            first,
            quantity,
        };
        let shown = examine(&self.evidence, units, recall, self.site.gln)?;
        begin_page(claims, recall.address(), self.payer.address(), page, bump);
        Ok(prove(recall, &mut self.response, claims, &shown)?)
    }
}
