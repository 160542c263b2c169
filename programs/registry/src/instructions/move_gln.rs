use anchor_lang::prelude::*;

use registry_rules::{Issuer, Licence, Partner, Registry, RegistryError};

#[derive(Accounts)]
pub struct MoveGln {
    pub registry: Account<Registry>,
    #[account(address = registry.authority @ RegistryError::NotRegistryAuthority)]
    pub authority: Signer,
    /// Answers for the new holder.
    pub issuer: Account<Issuer>,
    #[account(mut)]
    pub partner: Account<Partner>,
}

impl MoveGln {
    pub fn move_gln(
        &mut self,
        authority: Address,
        name: [u8; 64],
        licence: &Licence,
    ) -> Result<()> {
        let now = Clock::get()?.unix_timestamp;
        let issuer = (self.issuer.address(), &*self.issuer);
        Ok(self
            .partner
            .move_gln(&authority, &name, licence, issuer, now)?)
    }
}
