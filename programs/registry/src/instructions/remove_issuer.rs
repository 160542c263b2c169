use anchor_lang::prelude::*;

use registry_rules::{Issuer, Registry, RegistryError};

#[derive(Accounts)]
pub struct RemoveIssuer {
    #[account(mut)]
    pub registry: Account<Registry>,
    /// Gets the issuer account's rent back.
    #[account(mut, address = registry.authority @ RegistryError::NotRegistryAuthority)]
    pub authority: Signer,
    #[account(mut, close = authority)]
    pub issuer: Account<Issuer>,
}

impl RemoveIssuer {
    pub fn remove_issuer(&mut self) -> Result<()> {
        Ok(self.registry.remove_issuer(&self.issuer)?)
    }
}
