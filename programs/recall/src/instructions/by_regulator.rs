//! The accounts of a regulator's decision about a recall that leaves its units as they are.

use anchor_lang::prelude::*;
use recall_rules::Recall;
use registry_rules::Partner;

use super::signer::{RemainingAccounts, check_signer};

#[derive(Accounts)]
pub struct ByRegulator {
    pub authority: Signer,
    /// A regulator.
    pub site: Box<Account<Partner>>,
    #[account(mut)]
    pub recall: Box<Account<Recall>>,
}

impl ByRegulator {
    /// Checks the signer, and says what time it is.
    pub(super) fn check(&self, remaining: &mut RemainingAccounts) -> Result<i64> {
        let now = Clock::get()?.unix_timestamp;
        check_signer(&self.authority, &self.site, now, remaining)?;
        Ok(now)
    }
}
