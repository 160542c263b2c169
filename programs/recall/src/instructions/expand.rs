use anchor_lang::prelude::*;
use recall_rules::{Notice, expand::expand};

use super::{by_overseer::ByOverseer, signer::RemainingAccounts};

impl ByOverseer {
    /// Units are added.
    pub fn expand(
        &mut self,
        first: u32,
        quantity: u32,
        notice: &Notice,
        bump: u8,
        remaining: &mut RemainingAccounts,
    ) -> Result<()> {
        let now = self.check(remaining)?;
        let (recall, scope) = (&mut self.recall, &mut self.scope);
        scope.bump = bump;
        let address = *recall.address();
        let is_holder = self.product.manufacturer == *self.site.address();
        expand(
            (&self.site, is_holder),
            &self.lot,
            (&address, recall),
            scope,
            (first, quantity),
            notice,
            now,
        )?;
        self.stop()
    }
}
