use anchor_lang::prelude::*;

use registry_rules::{Issuer, Partner, RegistryError};

#[derive(Accounts)]
pub struct ConfirmPartner {
    #[account(address = partner.issuer @ RegistryError::NotPartnersIssuer)]
    pub issuer: Account<Issuer>,
    #[account(mut)]
    pub partner: Account<Partner>,
    #[account(address = partner.authority @ RegistryError::NotPartnerKey)]
    pub authority: Signer,
}

impl ConfirmPartner {
    pub fn confirm_partner(&mut self) -> Result<()> {
        let now = Clock::get()?.unix_timestamp;
        Ok(self.partner.confirm_partner(&self.issuer, now)?)
    }
}
