use anchor_lang::prelude::*;

use registry_rules::{Registry, RegistryError};

#[derive(Accounts)]
pub struct ProposeAuthority {
    #[account(mut)]
    pub registry: Account<Registry>,
    #[account(address = registry.authority @ RegistryError::NotRegistryAuthority)]
    pub authority: Signer,
}

impl ProposeAuthority {
    pub fn propose_authority(&mut self, pending: Address) -> Result<()> {
        Ok(self.registry.propose_authority(pending)?)
    }
}
