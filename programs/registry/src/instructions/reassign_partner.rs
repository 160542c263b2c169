use anchor_lang::prelude::*;

use crate::{
    errors::RegistryError,
    state::{Issuer, Partner, Registry},
};

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
        self.partner.issuer = *self.issuer.address();
        self.partner.invariant()
    }
}
