use anchor_lang::prelude::*;
use recall_rules::{Count, Recall, Response, respond::respond};
use registry_rules::Partner;

use super::signer::{RemainingAccounts, check_signer};

#[derive(Accounts)]
pub struct Respond {
    #[account(mut, unsafe(dup))]
    pub payer: Signer,
    pub authority: Signer,
    /// Who answers.
    pub site: Box<Account<Partner>>,
    #[account(mut)]
    pub recall: Box<Account<Recall>>,
    #[account(
        init_if_needed, payer = payer,
        seeds = [Response::SEED, recall.address().as_ref(), site.address().as_ref()],
        bump
    )]
    pub response: Box<Account<Response>>,
    pub system_program: Program<System>,
}

impl Respond {
    pub fn respond(
        &mut self,
        count: &Count,
        bump: u8,
        remaining: &mut RemainingAccounts,
    ) -> Result<()> {
        let now = Clock::get()?.unix_timestamp;
        check_signer(&self.authority, &self.site, now, remaining)?;
        let recall_address = *self.recall.address();
        let response = &mut self.response;
        if response.answered_at == 0 {
            response.bump = bump;
        }
        Ok(respond(
            (self.site.address(), &self.site),
            (&recall_address, &mut self.recall),
            response,
            count,
            now,
        )?)
    }
}
