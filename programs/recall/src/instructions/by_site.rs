//! The accounts of a decision about a recall that leaves its units as they are.

use anchor_lang::prelude::*;
use custody_rules::Lot;
use recall_rules::{Recall, RecallError};
use registry_rules::{Partner, Product};

use super::signer::{RemainingAccounts, check_signer};

#[derive(Accounts)]
pub struct BySite {
    pub authority: Signer,
    /// Who decides: a regulator, and the lot's manufacturer and who holds its product as far as they may.
    pub site: Box<Account<Partner>>,
    #[account(constraint = product.gtin == recall.gtin @ RecallError::NotRecallsProduct)]
    pub product: Box<Account<Product>>,
    #[account(mut)]
    pub recall: Box<Account<Recall>>,
    #[account(address = recall.lot @ RecallError::NotRecallsLot)]
    pub lot: Box<Account<Lot>>,
}

impl BySite {
    /// Whether the site holds the product.
    pub(super) fn is_holder(&self) -> bool {
        self.product.manufacturer == *self.site.address()
    }

    /// Checks the signer, and says what time it is.
    pub(super) fn check(&self, remaining: &mut RemainingAccounts) -> Result<i64> {
        let now = Clock::get()?.unix_timestamp;
        check_signer(&self.authority, &self.site, now, remaining)?;
        Ok(now)
    }
}
