//! The accounts of what an investigator writes into a case.

use anchor_lang::prelude::*;
use custody_rules::Case;
use pedigree_domain::Permissions;
use registry_rules::Partner;

use super::signer::{RemainingAccounts, check_signer};

#[derive(Accounts)]
pub struct ByInvestigator {
    pub authority: Signer,
    /// Who opened the case, or a regulator.
    pub site: Box<Account<Partner>>,
    #[account(mut)]
    pub case: Box<Account<Case>>,
}

impl ByInvestigator {
    /// Checks the signer, and says what time it is.
    pub(super) fn check(&self, remaining: &mut RemainingAccounts) -> Result<i64> {
        let now = Clock::get()?.unix_timestamp;
        check_signer(
            &self.authority,
            &self.site,
            Permissions::QUARANTINE,
            now,
            remaining,
        )?;
        Ok(now)
    }
}
