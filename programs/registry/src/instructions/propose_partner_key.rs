use anchor_lang::prelude::*;

use registry_rules::{Partner, RegistryError};

#[derive(Accounts)]
pub struct ProposePartnerKey {
    #[account(mut)]
    pub partner: Account<Partner>,
    #[account(address = partner.authority @ RegistryError::NotPartnerKey)]
    pub authority: Signer,
}

impl ProposePartnerKey {
    pub fn propose_partner_key(&mut self, pending: Address) -> Result<()> {
        Ok(self.partner.propose_partner_key(pending)?)
    }
}
