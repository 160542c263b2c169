use anchor_lang::prelude::*;

use registry_rules::{Partner, RegistryError};

#[derive(Accounts)]
pub struct DismissAllOperators {
    #[account(mut)]
    pub partner: Account<Partner>,
    #[account(address = partner.authority @ RegistryError::NotPartnerKey)]
    pub authority: Signer,
}

impl DismissAllOperators {
    pub fn dismiss_all_operators(&mut self) -> Result<()> {
        Ok(self.partner.dismiss_all_operators()?)
    }
}
