use anchor_lang::prelude::*;
use recall_rules::{Claims, Recall, RecallError, close_claims::close_claims};

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
    pub fn close_claims(&self) -> Result<()> {
        Ok(close_claims(&self.recall)?)
    }
}
