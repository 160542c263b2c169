use anchor_lang::prelude::*;

use registry_rules::{Registry, RegistryError};

#[derive(Accounts)]
pub struct AcceptAuthority {
    #[account(mut)]
    pub registry: Account<Registry>,
    #[account(address = registry.pending_authority @ RegistryError::NotPendingKey)]
    pub pending_authority: Signer,
}

impl AcceptAuthority {
    pub fn accept_authority(&mut self) -> Result<()> {
        let key = *self.pending_authority.address();
        Ok(self.registry.accept_authority(key)?)
    }
}
