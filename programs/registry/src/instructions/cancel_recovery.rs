use anchor_lang::prelude::*;

use registry_rules::{Partner, Registry, RegistryError};

use super::overseer::check_overseer;

#[derive(Accounts)]
pub struct CancelRecovery {
    pub registry: Account<Registry>,
    #[account(address = partner.issuer @ RegistryError::NotPartnersIssuer)]
    pub issuer: UncheckedAccount,
    /// The issuer's key, or the registry authority.
    pub overseer: Signer,
    #[account(mut)]
    pub partner: Account<Partner>,
}

impl CancelRecovery {
    pub fn cancel_recovery(&mut self) -> Result<()> {
        check_overseer(&self.overseer, &self.registry, &self.issuer)?;
        Ok(self.partner.cancel_recovery()?)
    }
}
