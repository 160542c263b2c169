use anchor_lang::prelude::*;
use recall_rules::reopen::reopen;

use super::{by_regulator::ByRegulator, signer::RemainingAccounts};

impl ByRegulator {
    /// A regulator takes the recall up again.
    pub fn reopen(
        &mut self,
        document_hash: &[u8; 32],
        remaining: &mut RemainingAccounts,
    ) -> Result<()> {
        let now = self.check(remaining)?;
        Ok(reopen(&self.site, &mut self.recall, document_hash, now)?)
    }
}
