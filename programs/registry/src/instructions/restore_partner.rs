use anchor_lang::prelude::*;

use registry_rules::{Licence, Partner, Registry, RegistryError};

#[derive(Accounts)]
pub struct RestorePartner {
    pub registry: Account<Registry>,
    #[account(address = registry.authority @ RegistryError::NotRegistryAuthority)]
    pub authority: Signer,
    #[account(mut)]
    pub partner: Account<Partner>,
}

impl RestorePartner {
    pub fn restore_partner(&mut self, licence: &Licence) -> Result<()> {
        let now = Clock::get()?.unix_timestamp;
        Ok(self.partner.restore_partner(licence, now)?)
    }
}
