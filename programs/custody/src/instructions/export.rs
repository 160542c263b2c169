use anchor_lang::prelude::*;
use custody_rules::export::export;
use pedigree_domain::Permissions;

use super::{by_custodian_of_lot::ByCustodianOfLot, signer::RemainingAccounts};

impl ByCustodianOfLot {
    /// Sends the units out of the territory: only what a licensed site owns and could sell.
    pub fn export(
        &mut self,
        sequence: u32,
        document_hash: &[u8; 32],
        remaining: &mut RemainingAccounts,
    ) -> Result<()> {
        let now = self.check(Permissions::WITHDRAW, remaining)?;
        Ok(export(
            &self.custodian,
            &self.lot,
            &mut self.consignment,
            sequence,
            document_hash,
            now,
        )?)
    }
}
