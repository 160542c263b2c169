use anchor_lang::prelude::*;
use recall_rules::terminate::terminate;

use super::{by_regulator::ByRegulator, signer::RemainingAccounts};

impl ByRegulator {
    /// A regulator ends the recall.
    pub fn terminate(
        &mut self,
        document_hash: &[u8; 32],
        remaining: &mut RemainingAccounts,
    ) -> Result<()> {
        let now = self.check(remaining)?;
        Ok(terminate(&self.site, &mut self.recall, document_hash, now)?)
    }
}
