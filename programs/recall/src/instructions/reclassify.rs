use anchor_lang::prelude::*;
use recall_rules::{RecallStrategy, reclassify::reclassify};

use super::{by_site::BySite, signer::RemainingAccounts};

impl BySite {
    /// Class, depth and effectiveness check are changed.
    pub fn reclassify(
        &mut self,
        strategy: &RecallStrategy,
        document_hash: &[u8; 32],
        remaining: &mut RemainingAccounts,
    ) -> Result<()> {
        let now = self.check(remaining)?;
        let is_holder = self.is_holder();
        Ok(reclassify(
            (&self.site, is_holder),
            self.lot.manufacturer,
            &mut self.recall,
            strategy,
            document_hash,
            now,
        )?)
    }
}
