use anchor_lang::prelude::*;

use registry_rules::{Partner, RegistryError};

#[derive(Accounts)]
pub struct ConfirmPartner {
    #[account(mut)]
    pub partner: Account<Partner>,
    #[account(address = partner.authority @ RegistryError::NotPartnerKey)]
    pub authority: Signer,
}

impl ConfirmPartner {
    pub fn confirm_partner(&mut self) -> Result<()> {
        Ok(self.partner.confirm_partner(Clock::get()?.unix_timestamp)?)
    }
}
