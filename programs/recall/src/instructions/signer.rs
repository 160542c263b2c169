//! Who may sign for a site, and which sites may do what.

use anchor_lang::{AccountView, AnchorAccount, address_eq, prelude::*};
use pedigree_domain::{Permissions, Roles};
use registry::{
    Operator, Partner,
    state::{OperatorBar, TradeBar},
};

use crate::errors::RecallError;

/// The accounts that follow an instruction's own: the `Operator` of a signer that is not its site's
/// own key.
pub type Followers<'a> = core::slice::Iter<'a, AccountView>;

/// Checks that `signer` may settle recalls for `site` at Unix time `now`: it is the site's own key,
/// or an operator whose account comes next among the followers.
#[inline(never)]
pub(super) fn check_signer(
    signer: &Signer,
    site: &Account<Partner>,
    now: i64,
    followers: &mut Followers,
) -> Result<()> {
    if address_eq(signer.address(), &site.authority) {
        return Ok(());
    }
    let Some(&view) = followers.next() else {
        return Err(RecallError::NotPartnerKey.into());
    };
    let operator = Account::<Operator>::load(view).map_err(|_| RecallError::NotSitesOperator)?;
    require!(
        operator.partner == *site.address() && operator.key == *signer.address(),
        RecallError::NotSitesOperator
    );
    operator.check(now, Permissions::RECALL).map_err(|bar| {
        match bar {
            OperatorBar::NotYetValid => RecallError::OperatorNotYetValid,
            OperatorBar::Lapsed => RecallError::OperatorLapsed,
            OperatorBar::Permission => RecallError::OperatorPermission,
        }
        .into()
    })
}

/// Whether `site` oversees the lot that `manufacturer` minted as a regulator; refused unless it does,
/// or is that manufacturer, whose licence does not matter: it may always call back what it made.
#[inline(never)]
pub(super) fn is_regulator(site: &Partner, manufacturer: u64, now: i64) -> Result<bool> {
    if site.gln == manufacturer {
        return Ok(false);
    }
    check_regulator(site, RecallError::NotOverseer, now)?;
    Ok(true)
}

/// Refuses a site that is no regulator at Unix time `now`, with `otherwise` if it never was one.
pub(super) fn check_regulator(site: &Partner, otherwise: RecallError, now: i64) -> Result<()> {
    site.check_trade(now, Roles::REGULATOR).map_err(|bar| {
        if site.roles & Roles::REGULATOR.bits() == 0 {
            return otherwise.into();
        }
        match bar {
            TradeBar::Suspended => RecallError::RegulatorSuspended,
            TradeBar::Revoked => RecallError::RegulatorRevoked,
            TradeBar::LicenceLapsed => RecallError::RegulatorLapsed,
            TradeBar::Role => otherwise,
        }
        .into()
    })
}
