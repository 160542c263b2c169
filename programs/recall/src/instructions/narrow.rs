use anchor_lang::prelude::*;
use recall_rules::narrow::narrow;

use super::{by_overseer::ByOverseer, signer::RemainingAccounts};

impl ByOverseer {
    /// Units are released.
    pub fn narrow(
        &mut self,
        first: u32,
        quantity: u32,
        document_hash: &[u8; 32],
        remaining: &mut RemainingAccounts,
    ) -> Result<()> {
        let now = self.check(remaining)?;
        narrow(
            &self.site,
            &mut self.recall,
            first,
            quantity,
            document_hash,
            now,
        )?;
        self.stop()
    }
}
