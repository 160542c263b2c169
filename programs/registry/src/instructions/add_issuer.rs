use anchor_lang::prelude::*;

use registry_rules::{Issuer, IssuerScope, Registry, RegistryError};

#[derive(Accounts)]
#[instruction(key: Address)]
pub struct AddIssuer {
    #[account(mut, unsafe(dup))]
    pub payer: Signer,
    pub registry: Account<Registry>,
    #[account(address = registry.authority @ RegistryError::NotRegistryAuthority)]
    pub authority: Signer,
    #[account(init, payer = payer, seeds = [Issuer::SEED, key.as_ref()], bump)]
    pub issuer: Account<Issuer>,
    pub system_program: Program<System>,
}

impl AddIssuer {
    pub fn add_issuer(
        &mut self,
        key: Address,
        name: [u8; 64],
        scope: &IssuerScope,
        bump: u8,
    ) -> Result<()> {
        let now = Clock::get()?.unix_timestamp;
        let issuer = &mut self.issuer;
        issuer.bump = bump;
        Ok(issuer.add_issuer(&key, &name, scope, &self.registry, now)?)
    }
}
