use anchor_lang::prelude::*;

use crate::{errors::RegistryError, state::Partner};

#[derive(Accounts)]
pub struct ProposePartnerKey {
    #[account(mut)]
    pub partner: Account<Partner>,
    #[account(address = partner.authority @ RegistryError::NotPartnerKey)]
    pub authority: Signer,
}

impl ProposePartnerKey {
    /// Allowed in every status: a suspended site may still replace a stolen key.
    pub fn propose_partner_key(&mut self, pending: Address) -> Result<()> {
        self.partner.pending_authority = pending;
        self.partner.invariant()
    }
}
