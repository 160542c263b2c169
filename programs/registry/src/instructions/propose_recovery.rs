use anchor_lang::prelude::*;

use registry_rules::{Issuer, Partner, Registry, RegistryError};

#[derive(Accounts)]
pub struct ProposeRecovery {
    pub registry: Account<Registry>,
    #[account(address = registry.authority @ RegistryError::NotRegistryAuthority)]
    pub authority: Signer,
    #[account(address = partner.issuer @ RegistryError::NotPartnersIssuer)]
    pub issuer: Account<Issuer>,
    #[account(
        constraint = *issuer_key.address() == issuer.key @ RegistryError::NotPartnersIssuer
    )]
    pub issuer_key: Signer,
    #[account(mut)]
    pub partner: Account<Partner>,
}

impl ProposeRecovery {
    pub fn propose_recovery(&mut self, key: Address) -> Result<()> {
        let now = Clock::get()?.unix_timestamp;
        Ok(self.partner.propose_recovery(key, now)?)
    }
}
