use anchor_lang::prelude::*;
use custody_rules::notify_case::notify_case;

use super::{by_investigator::ByInvestigator, signer::RemainingAccounts};

impl ByInvestigator {
    /// FDA and the trading partners have been notified.
    pub fn notify_case(
        &mut self,
        document_hash: &[u8; 32],
        remaining: &mut RemainingAccounts,
    ) -> Result<()> {
        let now = self.check(remaining)?;
        Ok(notify_case(&self.site, &mut self.case, document_hash, now)?)
    }
}
