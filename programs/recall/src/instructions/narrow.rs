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
        bump: u8,
        remaining: &mut RemainingAccounts,
    ) -> Result<()> {
        let now = self.check(remaining)?;
        let (recall, scope) = (&mut self.recall, &mut self.scope);
        scope.bump = bump;
        let address = *recall.address();
        narrow(
            &self.site,
            &self.lot,
            (&address, recall),
            scope,
            (first, quantity),
            document_hash,
            now,
        )?;
        self.stop()
    }
}
