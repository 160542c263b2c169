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
        remaining: &mut RemainingAccounts,
    ) -> Result<()> {
        let now = self.check(remaining)?;
        let (lot, recall) = (&self.lot, &mut self.recall);
        expand(&self.site, lot, recall, first, quantity, notice, now)?;
        self.stop()
    }
}
