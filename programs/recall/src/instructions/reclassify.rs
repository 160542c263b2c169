use anchor_lang::prelude::*;
use recall_rules::{Gravity, reclassify::reclassify};

use super::{by_site::BySite, signer::RemainingAccounts};

impl BySite {
    /// Class, depth and effectiveness check are changed.
    pub fn reclassify(
        &mut self,
        gravity: &Gravity,
        document: &[u8; 32],
        remaining: &mut RemainingAccounts,
    ) -> Result<()> {
        let now = self.check(remaining)?;
        Ok(reclassify(
            &self.site,
            &mut self.recall,
            gravity,
            document,
            now,
        )?)
    }
}
