//! Who may sign for a site.

use anchor_lang::{AccountView, AnchorAccount, address_eq, prelude::*};
use recall_rules::{RecallError, signer};
use registry_rules::{Operator, Partner};

/// The accounts after an instruction's own: the `Operator` of a signer that is not its site's own key.
pub type RemainingAccounts<'a> = core::slice::Iter<'a, AccountView>;

/// Checks that `signer` may settle recalls for `site` at Unix time `now`: it is the site's own key,
/// or an operator whose account comes next among the remaining accounts.
#[inline(never)]
pub(super) fn check_signer(
    signer: &Signer,
    site: &Account<Partner>,
    now: i64,
    remaining: &mut RemainingAccounts,
) -> Result<()> {
    if address_eq(signer.address(), &site.authority) {
        return Ok(());
    }
    let Some(&view) = remaining.next() else {
        return Err(RecallError::NotPartnerKey.into());
    };
    let operator = Account::<Operator>::load(view).map_err(|_| RecallError::NotSitesOperator)?;
    Ok(signer::check_operator(
        &operator,
        signer.address(),
        (site.address(), site),
        now,
    )?)
}
