//! Who may sign for a site, as every program that asks for a site's signature checks it.

use anchor_lang::{
    AccountView, AnchorAccount, address_eq,
    prelude::{Account, Signer},
};
use pedigree_domain::Permissions;
use solana_address::Address;

use crate::state::{NotPermitted, Operator, Partner};

/// The accounts after an instruction's own: first the `Operator` of each signer that is not its site's
/// own key, in the order of the signers.
pub type RemainingAccounts<'a> = core::slice::Iter<'a, AccountView>;

/// Checks that `signer` may do what `needed` names for `site` at Unix time `now`: it is the site's
/// own key, or an operator whose account comes next among the remaining accounts.
#[inline(always)]
pub fn check_signer(
    signer: &Signer,
    site: &Account<Partner>,
    needed: Permissions,
    now: i64,
    remaining: &mut RemainingAccounts,
) -> Result<(), NotPermitted> {
    if address_eq(signer.address(), &site.authority) {
        return Ok(());
    }
    check_operator(signer.address(), site, needed, now, remaining.next())
}

/// Whether `account` is the one that lets `key` do what `needed` names for `site`.
#[inline(never)]
fn check_operator(
    key: &Address,
    site: &Account<Partner>,
    needed: Permissions,
    now: i64,
    account: Option<&AccountView>,
) -> Result<(), NotPermitted> {
    let Some(&view) = account else {
        return Err(NotPermitted::NotPartnerKey);
    };
    let operator = Account::<Operator>::load(view).map_err(|_| NotPermitted::NotSitesOperator)?;
    operator.check(key, (site.address(), site), needed, now)
}
