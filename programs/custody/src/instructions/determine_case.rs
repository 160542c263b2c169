use anchor_lang::prelude::*;
use custody_rules::determine_case::determine_case;

use super::{by_investigator::ByInvestigator, signer::RemainingAccounts};

impl ByInvestigator {
    /// The product is illegitimate.
    pub fn determine_case(
        &mut self,
        document_hash: &[u8; 32],
        remaining: &mut RemainingAccounts,
    ) -> Result<()> {
        let now = self.check(remaining)?;
        Ok(determine_case(
            &self.site,
            &mut self.case,
            document_hash,
            now,
        )?)
    }
}
