use anchor_lang::prelude::*;
use custody_rules::{Change, withdraw::withdraw};
use pedigree_domain::Permissions;

use super::{by_custodian::ByCustodian, signer::RemainingAccounts};

impl ByCustodian {
    /// Takes the units out of the chain without a witness: samples, theft.
    pub fn withdraw(
        &mut self,
        kind: Change,
        sequence: u32,
        document_hash: &[u8; 32],
        remaining: &mut RemainingAccounts,
    ) -> Result<()> {
        self.check(Permissions::WITHDRAW, remaining)?;
        Ok(withdraw(
            &mut self.consignment,
            kind,
            sequence,
            document_hash,
        )?)
    }
}
