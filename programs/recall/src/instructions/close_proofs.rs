use anchor_lang::prelude::*;
use recall_rules::{Proofs, Recall, RecallError, close_proofs::close_proofs};

#[derive(Accounts)]
pub struct CloseProofs {
    pub recall: Box<Account<Recall>>,
    #[account(
        mut, close = payer,
        constraint = proofs.recall == *recall.address() @ RecallError::NotRecallsProofs
    )]
    pub proofs: Box<Account<Proofs>>,
    /// Gets the rent back that it paid.
    #[account(mut, address = proofs.payer @ RecallError::NotPayer)]
    pub payer: UncheckedAccount,
}

impl CloseProofs {
    pub fn close_proofs(&self) -> Result<()> {
        Ok(close_proofs(&self.recall)?)
    }
}
