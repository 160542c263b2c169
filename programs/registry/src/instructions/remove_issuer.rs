use anchor_lang::prelude::*;

use registry_rules::{Issuer, Registry, RegistryError};

#[derive(Accounts)]
pub struct RemoveIssuer {
    pub registry: Account<Registry>,
    /// Gets the issuer account's rent back.
    #[account(mut, address = registry.authority @ RegistryError::NotRegistryAuthority)]
    pub authority: Signer,
    #[account(mut, close = authority)]
    pub issuer: Account<Issuer>,
}

impl RemoveIssuer {
    /// The account's `close` constraint does the work.
    pub fn remove_issuer(&mut self) -> Result<()> {
        Ok(self.registry.invariant()?)
    }
}
