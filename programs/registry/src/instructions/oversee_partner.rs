//! What an issuer does with a partner that it admitted: renew, suspend, reinstate, revoke.

use anchor_lang::prelude::*;

use crate::{
    errors::RegistryError,
    instructions::Licence,
    state::{Issuer, Partner, PartnerStatus},
};

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
    /// A suspended partner may be renewed, and stays suspended.
    pub fn renew_partner(&mut self, licence: &Licence) -> Result<()> {
        self.require_not_revoked()?;
        licence.apply(&mut self.partner, Clock::get()?.unix_timestamp)
    }

    pub fn suspend_partner(&mut self) -> Result<()> {
        self.require_not_revoked()?;
        require!(
            self.partner.status == PartnerStatus::Active,
            RegistryError::PartnerNotActive
        );
        self.set_status(PartnerStatus::Suspended)
    }

    pub fn reinstate_partner(&mut self) -> Result<()> {
        self.require_not_revoked()?;
        require!(
            self.partner.status == PartnerStatus::Suspended,
            RegistryError::PartnerNotSuspended
        );
        self.set_status(PartnerStatus::Active)
    }

    pub fn revoke_partner(&mut self) -> Result<()> {
        self.require_not_revoked()?;
        self.set_status(PartnerStatus::Revoked)
    }

    fn require_not_revoked(&self) -> Result<()> {
        require!(
            self.partner.status != PartnerStatus::Revoked,
            RegistryError::PartnerRevoked
        );
        Ok(())
    }

    fn set_status(&mut self, status: PartnerStatus) -> Result<()> {
        let partner = &mut self.partner;
        partner.status = status;
        partner.status_changed_at = Clock::get()?.unix_timestamp;
        partner.invariant()
    }
}
