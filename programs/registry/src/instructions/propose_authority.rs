use anchor_lang::prelude::*;

use crate::{errors::RegistryError, state::Registry};

#[derive(Accounts)]
pub struct ProposeAuthority {
    #[account(mut)]
    pub registry: Account<Registry>,
    #[account(address = registry.authority @ RegistryError::NotRegistryAuthority)]
    pub authority: Signer,
}

impl ProposeAuthority {
    pub fn propose_authority(&mut self, pending: Address) -> Result<()> {
        self.registry.pending_authority = pending;
        self.registry.invariant()
    }
}
