use anchor_lang::prelude::*;

use registry_rules::{Partner, RegistryError};

#[derive(Accounts)]
pub struct CompleteRecovery {
    #[account(mut)]
    pub partner: Account<Partner>,
    #[account(address = partner.recovery_authority @ RegistryError::NotRecoveryKey)]
    pub recovery_authority: Signer,
}

impl CompleteRecovery {
    pub fn complete_recovery(&mut self) -> Result<()> {
        let now = Clock::get()?.unix_timestamp;
        let key = *self.recovery_authority.address();
        Ok(self.partner.complete_recovery(key, now)?)
    }
}
