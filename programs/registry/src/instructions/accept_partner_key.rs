use anchor_lang::prelude::*;

use registry_rules::{Partner, RegistryError};

#[derive(Accounts)]
pub struct AcceptPartnerKey {
    #[account(mut)]
    pub partner: Account<Partner>,
    #[account(address = partner.pending_authority @ RegistryError::NotPendingKey)]
    pub pending_authority: Signer,
}

impl AcceptPartnerKey {
    pub fn accept_partner_key(&mut self) -> Result<()> {
        let key = *self.pending_authority.address();
        Ok(self.partner.accept_partner_key(key)?)
    }
}
