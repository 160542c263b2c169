use anchor_lang::prelude::*;
use custody_rules::verify_return::verify_return;
use pedigree_domain::Permissions;

use super::{by_custodian_of_lot::ByCustodianOfLot, signer::RemainingAccounts};

impl ByCustodianOfLot {
    /// Makes returned goods saleable again.
    pub fn verify_return(
        &mut self,
        sequence: u32,
        document_hash: &[u8; 32],
        remaining: &mut RemainingAccounts,
    ) -> Result<()> {
        let now = self.check(Permissions::RECEIVE, remaining)?;
        Ok(verify_return(
            &self.custodian,
            &self.lot,
            &mut self.consignment,
            sequence,
            document_hash,
            now,
        )?)
    }
}
