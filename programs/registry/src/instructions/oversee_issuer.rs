//! What the registry authority does with an issuer: set its scope, replace its key.

use anchor_lang::prelude::*;

use registry_rules::{Issuer, IssuerScope, Registry, RegistryError};

#[derive(Accounts)]
pub struct OversightOfIssuer {
    pub registry: Account<Registry>,
    #[account(address = registry.authority @ RegistryError::NotRegistryAuthority)]
    pub authority: Signer,
    #[account(mut)]
    pub issuer: Account<Issuer>,
}

impl OversightOfIssuer {
    pub fn set_issuer_scope(&mut self, scope: &IssuerScope) -> Result<()> {
        Ok(self.issuer.set_issuer_scope(scope)?)
    }

    pub fn rotate_issuer_key(&mut self, key: Address) -> Result<()> {
        Ok(self.issuer.rotate_issuer_key(&key)?)
    }
}
