use anchor_lang::prelude::*;

use crate::{
    errors::RecallError,
    state::{Claims, Recall, RecallState},
};

#[derive(Accounts)]
pub struct CloseClaims {
    pub recall: Box<Account<Recall>>,
    #[account(
        mut, close = payer,
        constraint = claims.recall == *recall.address() @ RecallError::NotRecallsClaims
    )]
    pub claims: Box<Account<Claims>>,
    /// Gets the rent back that it paid.
    #[account(mut, address = claims.payer @ RecallError::NotPayer)]
    pub payer: UncheckedAccount,
}

impl CloseClaims {
    /// Nobody claims from a terminated recall, so nothing needs to be remembered of who did; the
    /// totals stay in the `Recall` and the `Response`s.
    pub fn close_claims(&self) -> Result<()> {
        require!(
            self.recall.state == RecallState::Terminated,
            RecallError::RecallNotTerminated
        );
        Ok(())
    }
}
