//! Who may sign for a site.

use anchor_lang::prelude::*;
use pedigree_domain::Permissions;
use recall_rules::RecallError;
pub use registry_rules::signer::RemainingAccounts;
use registry_rules::{Partner, signer};

/// Checks that `authority` may settle recalls for `site` at Unix time `now`.
#[inline(never)]
pub(super) fn check_signer(
    authority: &Signer,
    site: &Account<Partner>,
    now: i64,
    remaining: &mut RemainingAccounts,
) -> Result<()> {
    let checked = signer::check_signer(authority, site, Permissions::RECALL, now, remaining);
    Ok(checked.map_err(RecallError::from)?)
}
