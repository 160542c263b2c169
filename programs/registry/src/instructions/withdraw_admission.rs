use anchor_lang::prelude::*;

use registry_rules::{Issuer, Partner, RegistryError};

#[derive(Accounts)]
pub struct WithdrawAdmission {
    #[account(address = partner.issuer @ RegistryError::NotPartnersIssuer)]
    pub issuer: Account<Issuer>,
    /// Gets the partner account's rent back.
    #[account(
        mut,
        constraint = *issuer_key.address() == issuer.key @ RegistryError::NotPartnersIssuer
    )]
    pub issuer_key: Signer,
    #[account(mut, close = issuer_key)]
    pub partner: Account<Partner>,
}

impl WithdrawAdmission {
    /// The account's `close` constraint does the work.
    pub fn withdraw_admission(&self) -> Result<()> {
        Ok(self.partner.check_withdraws_admission()?)
    }
}
