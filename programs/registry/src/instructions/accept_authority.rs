use anchor_lang::prelude::*;

use crate::{errors::RegistryError, state::Registry};

#[derive(Accounts)]
pub struct AcceptAuthority {
    #[account(mut)]
    pub registry: Account<Registry>,
    #[account(address = registry.pending_authority @ RegistryError::NotPendingKey)]
    pub pending_authority: Signer,
}

impl AcceptAuthority {
    pub fn accept_authority(&mut self) -> Result<()> {
        let registry = &mut self.registry;
        registry.authority = *self.pending_authority.address();
        registry.pending_authority = Address::default();
        registry.invariant()
    }
}
