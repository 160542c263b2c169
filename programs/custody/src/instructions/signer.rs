//! Who may sign for a site.

use anchor_lang::{AccountView, AnchorAccount, address_eq, prelude::*};
use custody_rules::{CustodyError, signer};
use pedigree_domain::Permissions;
use registry_rules::{Operator, Partner};

/// The accounts after an instruction's own: first the `Operator` of each signer that is not its site's
/// own key, in the order of the signers.
pub type RemainingAccounts<'a> = core::slice::Iter<'a, AccountView>;

/// Checks that `signer` may do what `needed` names for `site` at Unix time `now`: it is the site's
/// own key, or an operator whose account comes next among the remaining accounts.
#[inline(always)]
pub(super) fn check_signer(
    signer: &Signer,
    site: &Account<Partner>,
    needed: Permissions,
    now: i64,
    remaining: &mut RemainingAccounts,
) -> Result<()> {
    if address_eq(signer.address(), &site.authority) {
        return Ok(());
    }
    check_operator(signer.address(), site, needed, now, remaining.next())
}

/// Whether `account` is the one that lets `key` do what `needed` names for `site`.
#[inline(never)]
pub(super) fn check_operator(
    key: &Address,
    site: &Account<Partner>,
    needed: Permissions,
    now: i64,
    account: Option<&AccountView>,
) -> Result<()> {
    let Some(&view) = account else {
        return Err(CustodyError::NotPartnerKey.into());
    };
    let operator = Account::<Operator>::load(view).map_err(|_| CustodyError::NotSitesOperator)?;
    let site = (site.address(), &**site);
    Ok(signer::check_operator(&operator, key, site, needed, now)?)
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
