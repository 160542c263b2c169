use anchor_lang::prelude::*;
use custody_rules::undo_withdrawal::undo_withdrawal;
use pedigree_domain::Permissions;

use super::{by_custodian_of_lot::ByCustodianOfLot, signer::RemainingAccounts};

impl ByCustodianOfLot {
    /// Takes back that the units were sampled or exported.
    pub fn undo_withdrawal(
        &mut self,
        sequence: u32,
        remaining: &mut RemainingAccounts,
    ) -> Result<()> {
        let now = self.check(Permissions::WITHDRAW, remaining)?;
        Ok(undo_withdrawal(
            &self.custodian,
            &self.lot,
            &mut self.consignment,
            sequence,
            now,
        )?)
    }
}
