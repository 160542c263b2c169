use anchor_lang::prelude::*;

use registry_rules::{Issuer, Partner, Registry, RegistryError};

#[derive(Accounts)]
pub struct ReassignPartner {
    pub registry: Account<Registry>,
    #[account(address = registry.authority @ RegistryError::NotRegistryAuthority)]
    pub authority: Signer,
    /// Answers for the partner from now on.
    pub issuer: Account<Issuer>,
    #[account(mut)]
    pub partner: Account<Partner>,
}

impl ReassignPartner {
    pub fn reassign_partner(&mut self) -> Result<()> {
        let issuer = (self.issuer.address(), &*self.issuer);
        Ok(self.partner.reassign_partner(issuer)?)
    }
}
