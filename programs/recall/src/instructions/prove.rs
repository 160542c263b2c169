use anchor_lang::prelude::*;
use registry::Partner;

use super::{
    evidence::{Units, begin_page, count},
    signer::{Followers, check_signer},
};
use crate::{
    errors::RecallError,
    state::{Claims, Recall, Response, set},
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
    /// Units `first..first + quantity` count from now on, for the site and for the recall.
    pub fn prove(
        &mut self,
        page: u32,
        first: u32,
        quantity: u32,
        bump: u8,
        followers: &mut Followers,
    ) -> Result<()> {
        let now = Clock::get()?.unix_timestamp;
        check_signer(&self.authority, &self.site, now, followers)?;
        let (recall, claims) = (&mut self.recall, &mut self.claims);
        recall.check_running()?;
        let units = Units {
            page,
            first,
            quantity,
        };
        let fate = units.fate(&self.evidence, recall, self.site.gln)?;
        begin_page(claims, recall.address(), self.payer.address(), page, bump);
        let new = set(&mut claims.shown, units.place(), quantity);
        require!(new == quantity, RecallError::AlreadyShown);
        count(recall, &mut self.response, fate, new);
        self.response.invariant()?;
        self.recall.invariant()
    }
}
