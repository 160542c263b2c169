use anchor_lang::{prelude::*, programs::System};
use recall_rules::{Claims, RecallError, close_claims::close_claims};

#[derive(Accounts)]
pub struct CloseClaims {
    /// Where the return's `Transfer` was.
    #[account(address = claims.evidence @ RecallError::NotEvidencesClaims)]
    pub evidence: UncheckedAccount,
    #[account(mut, close = payer)]
    pub claims: Box<Account<Claims>>,
    /// Gets the rent back that it paid.
    #[account(mut, address = claims.payer @ RecallError::NotPayer)]
    pub payer: UncheckedAccount,
}

impl CloseClaims {
    pub fn close_claims(&self) -> Result<()> {
        Ok(close_claims(
            self.evidence.account().owned_by(&System::id()),
        )?)
    }
}
