use anchor_lang::{AnchorAccount, prelude::*};
use recall_rules::{Claims, Recall, RecallError, Response, claim::claim, evidence::Units};
use registry_rules::Partner;

use super::{
    evidence::{begin_page, examine},
    signer::{RemainingAccounts, check_signer},
    vault::pay_out,
};
use crate::token::{Mint, TokenAccount};

#[derive(Accounts)]
#[instruction(page: u32)]
pub struct Claim {
    #[account(mut, unsafe(dup))]
    pub payer: Signer,
    pub authority: Signer,
    /// Who returned or destroyed the units.
    #[account(constraint = site.gln != recall.manufacturer @ RecallError::ManufacturerPays)]
    pub site: Box<Account<Partner>>,
    #[account(mut, constraint = recall.mint != Address::default() @ RecallError::NoEscrow)]
    pub recall: Box<Account<Recall>>,
    /// The site's answer; it answers before it claims.
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
    #[account(address = recall.mint @ RecallError::NotRecallsMint)]
    pub mint: Account<Mint>,
    #[account(mut, address = recall.vault @ RecallError::NotRecallsVault)]
    pub vault: Account<TokenAccount>,
    /// The site's: its key's own, so that no operator is paid in the site's place.
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
    pub fn claim(
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
        let due = claim(recall, &mut self.response, claims, &shown)?;
        pay_out(
            &self.recall,
            &mut self.vault,
            &self.mint,
            &mut self.receiver,
            &self.token_program,
            due,
        )
    }
}
