use anchor_lang::prelude::*;
use custody_rules::quarantine::{quarantine, release};
use pedigree_domain::Permissions;

use super::{by_custodian::ByCustodian, signer::RemainingAccounts};

impl ByCustodian {
    /// Sets the units aside.
    pub fn quarantine(&mut self, remaining: &mut RemainingAccounts) -> Result<()> {
        self.check(Permissions::QUARANTINE, remaining)?;
        Ok(quarantine(&mut self.consignment)?)
    }

    /// Releases them again.
    pub fn release(&mut self, remaining: &mut RemainingAccounts) -> Result<()> {
        self.check(Permissions::QUARANTINE, remaining)?;
        Ok(release(&mut self.consignment)?)
    }
}
