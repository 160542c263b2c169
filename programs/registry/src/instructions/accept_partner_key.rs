use anchor_lang::prelude::*;

use crate::{errors::RegistryError, state::Partner};

#[derive(Accounts)]
pub struct AcceptPartnerKey {
    #[account(mut)]
    pub partner: Account<Partner>,
    #[account(address = partner.pending_authority @ RegistryError::NotPendingKey)]
    pub pending_authority: Signer,
}

impl AcceptPartnerKey {
    pub fn accept_partner_key(&mut self) -> Result<()> {
        let partner = &mut self.partner;
        partner.authority = *self.pending_authority.address();
        partner.pending_authority = Address::default();
        partner.invariant()
    }
}
