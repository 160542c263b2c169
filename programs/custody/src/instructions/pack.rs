use anchor_lang::prelude::*;
use custody_rules::pack::{pack, unpack};
use pedigree_domain::Permissions;

use super::{by_custodian::ByCustodian, signer::RemainingAccounts};

impl ByCustodian {
    /// Names the outermost package that the units are in.
    pub fn pack(&mut self, sscc: u64, remaining: &mut RemainingAccounts) -> Result<()> {
        self.check(Permissions::PACK, remaining)?;
        Ok(pack(&mut self.consignment, sscc)?)
    }

    /// Takes the units out of their package.
    pub fn unpack(&mut self, remaining: &mut RemainingAccounts) -> Result<()> {
        self.check(Permissions::PACK, remaining)?;
        Ok(unpack(&mut self.consignment)?)
    }
}
