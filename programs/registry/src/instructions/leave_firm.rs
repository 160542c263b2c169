use anchor_lang::prelude::*;

use registry_rules::{Partner, Registry, RegistryError};

use super::overseer::check_overseer;

#[derive(Accounts)]
pub struct LeaveFirm {
    pub registry: Account<Registry>,
    #[account(address = partner.issuer @ RegistryError::NotPartnersIssuer)]
    pub issuer: UncheckedAccount,
    /// The issuer's key, or the registry authority.
    pub overseer: Signer,
    #[account(constraint = head_office.gln == partner.firm @ RegistryError::NotHeadOffice)]
    pub head_office: Account<Partner>,
    /// Signs for the head office; the overseer's key where that suffices.
    pub head_office_key: Signer,
    #[account(mut)]
    pub partner: Account<Partner>,
}

impl LeaveFirm {
    pub fn leave_firm(&mut self) -> Result<()> {
        check_overseer(&self.overseer, &self.registry, &self.issuer)?;
        let is_authority = *self.overseer.address() == self.registry.authority;
        if !is_authority && !self.partner.is_new() {
            let head_office = &self.head_office;
            require!(
                *self.head_office_key.address() == head_office.authority,
                RegistryError::HeadOfficeDisagrees
            );
            head_office.check_changes_keys()?;
        }
        Ok(self.partner.leave_firm()?)
    }
}
