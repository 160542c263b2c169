//! Who may sign for a site.

use anchor_lang::prelude::*;
use custody_rules::{CustodyError, signer};
use pedigree_domain::Permissions;
use registry_rules::Partner;
pub use registry_rules::signer::RemainingAccounts;

/// Checks that `authority` may do what `needed` names for `site` at Unix time `now`.
#[inline(always)]
pub(super) fn check_signer(
    authority: &Signer,
    site: &Account<Partner>,
    needed: Permissions,
    now: i64,
    remaining: &mut RemainingAccounts,
) -> Result<()> {
    let checked = registry_rules::signer::check_signer(authority, site, needed, now, remaining);
    Ok(checked.map_err(CustodyError::from)?)
}

/// Whether another person than the one who acts witnesses for `site`, which may trade.
#[inline(never)]
pub(super) fn check_witness(
    witness: &Signer,
    authority: &Signer,
    site: &Account<Partner>,
    now: i64,
    remaining: &mut RemainingAccounts,
) -> Result<()> {
    signer::check_witness(witness.address(), authority.address(), site, now)?;
    check_signer(witness, site, Permissions::WITNESS, now, remaining)
}
