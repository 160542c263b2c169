use anchor_lang::prelude::*;
use pedigree_domain::Roles;
use registry::Partner;

use super::signer::{Followers, check_signer};
use crate::{
    errors::RecallError,
    state::{Answer, Recall, Response},
};

/// Where a site's recalled units are, each in one place.
#[derive(AnchorSerialize, AnchorDeserialize, IdlType, Clone, Copy, Debug)]
pub struct Count {
    /// On the shelf, not set aside.
    pub held: u32,
    /// Set aside.
    pub quarantined: u32,
    /// Given to patients.
    pub dispensed: u32,
    /// Sent back.
    pub returned: u32,
    pub destroyed: u32,
    /// Unix seconds: when the site counted.
    pub counted_at: i64,
}

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
    /// A site whose licence is suspended answers too: what it holds must come back all the same.
    pub fn respond(&mut self, count: &Count, bump: u8, followers: &mut Followers) -> Result<()> {
        let now = Clock::get()?.unix_timestamp;
        check_signer(&self.authority, &self.site, now, followers)?;
        require!(
            self.site.roles & Roles::CUSTODIANS.bits() != 0,
            RecallError::NotHolder
        );
        let (recall, response) = (&mut self.recall, &mut self.response);
        recall.check_running()?;
        if response.answered_at == 0 {
            response.recall = *recall.address();
            response.partner = *self.site.address();
            response.gln = self.site.gln;
            response.answered_at = now;
            response.bump = bump;
            recall.responses += 1;
        }
        let before: Response = ***response;
        require!(
            count.counted_at <= now && count.counted_at >= before.counted_at,
            RecallError::InvalidCountDate
        );
        response.held = count.held;
        response.quarantined = count.quarantined;
        response.dispensed = count.dispensed;
        response.returned = count.returned;
        response.destroyed = count.destroyed;
        response.counted_at = count.counted_at;
        response.updated_at = now;
        response.invariant()?;
        require!(
            response.dispensed >= before.dispensed
                && response.returned >= before.returned
                && response.destroyed >= before.destroyed
                && response.accounted() >= before.accounted(),
            RecallError::CountFell
        );
        // What the ledger shows may already be more than the site could know when it counted.
        let limit = u64::from(recall.widest).max(before.accounted());
        require!(response.accounted() <= limit, RecallError::CountTooHigh);
        recall.replace(&Answer::of(&before), &Answer::of(response));
        recall.invariant()
    }
}
