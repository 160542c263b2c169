use anchor_lang::prelude::*;
use recall_rules::complete::complete;

use super::{by_site::BySite, signer::RemainingAccounts};

impl BySite {
    /// The firm says that everything reasonable has been done.
    pub fn complete(
        &mut self,
        document_hash: &[u8; 32],
        remaining: &mut RemainingAccounts,
    ) -> Result<()> {
        let now = self.check(remaining)?;
        let is_holder = self.is_holder();
        Ok(complete(
            (&self.site, is_holder),
            self.lot.manufacturer,
            &mut self.recall,
            document_hash,
            now,
        )?)
    }
}
