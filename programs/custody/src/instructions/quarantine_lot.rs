use anchor_lang::prelude::*;
use custody_rules::{
    Lot,
    quarantine_lot::{quarantine_lot, release_lot},
};
use pedigree_domain::Permissions;
use registry_rules::Partner;

use super::signer::{RemainingAccounts, check_signer};

#[derive(Accounts)]
pub struct ByOverseer {
    pub authority: Signer,
    pub site: Box<Account<Partner>>,
    #[account(mut)]
    pub lot: Box<Account<Lot>>,
}

impl ByOverseer {
    /// Keeps every unit of the lot from going down the chain.
    pub fn quarantine_lot(&mut self, remaining: &mut RemainingAccounts) -> Result<()> {
        let now = self.check(remaining)?;
        Ok(quarantine_lot(&self.site, &mut self.lot, now)?)
    }

    /// Lets the lot move again.
    pub fn release_lot(&mut self, remaining: &mut RemainingAccounts) -> Result<()> {
        let now = self.check(remaining)?;
        Ok(release_lot(&self.site, &mut self.lot, now)?)
    }

    /// Checks the signer, and says what time it is.
    fn check(&self, remaining: &mut RemainingAccounts) -> Result<i64> {
        let now = Clock::get()?.unix_timestamp;
        check_signer(
            &self.authority,
            &self.site,
            Permissions::QUARANTINE,
            now,
            remaining,
        )?;
        Ok(now)
    }
}
