//! What an issuer does with a partner that it admitted: correct, renew, suspend, reinstate, revoke.

use anchor_lang::prelude::*;
use registry_rules::{Issuer, Licence, Partner, RegistryError};

#[derive(Accounts)]
pub struct OversightOfPartner {
    #[account(address = partner.issuer @ RegistryError::NotPartnersIssuer)]
    pub issuer: Account<Issuer>,
    #[account(
        constraint = *issuer_key.address() == issuer.key @ RegistryError::NotPartnersIssuer
    )]
    pub issuer_key: Signer,
    #[account(mut)]
    pub partner: Account<Partner>,
}

impl OversightOfPartner {
    pub fn correct_admission(
        &mut self,
        authority: Address,
        name: [u8; 64],
        licence: &Licence,
    ) -> Result<()> {
        let now = Clock::get()?.unix_timestamp;
        let issuer = (self.issuer.address(), &*self.issuer);
        Ok(self
            .partner
            .correct_admission(&authority, &name, licence, issuer, now)?)
    }

    pub fn renew_partner(&mut self, licence: &Licence) -> Result<()> {
        let now = Clock::get()?.unix_timestamp;
        Ok(self.partner.renew_partner(licence, &self.issuer, now)?)
    }

    pub fn suspend_partner(&mut self) -> Result<()> {
        Ok(self.partner.suspend_partner(Clock::get()?.unix_timestamp)?)
    }

    pub fn reinstate_partner(&mut self) -> Result<()> {
        let now = Clock::get()?.unix_timestamp;
        Ok(self.partner.reinstate_partner(&self.issuer, now)?)
    }

    pub fn revoke_partner(&mut self) -> Result<()> {
        Ok(self.partner.revoke_partner(Clock::get()?.unix_timestamp)?)
    }
}
