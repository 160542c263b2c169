//! Who may sign for a site.

use anchor_lang::{AccountView, AnchorAccount, address_eq, prelude::*};
use pedigree_domain::Permissions;
use registry::{
    Operator, Partner,
    state::{OperatorBar, TradeBar},
};

use crate::errors::CustodyError;

/// The accounts that follow an instruction's own: first the `Operator` of each signer that is not
/// its site's own key, in the order of the signers.
pub type Followers<'a> = core::slice::Iter<'a, AccountView>;

/// Checks that `signer` may do what `needed` names for `site` at Unix time `now`: it is the site's
/// own key, or an operator whose account comes next among the followers.
#[inline(always)]
pub(super) fn check_signer(
    signer: &Signer,
    site: &Account<Partner>,
    needed: Permissions,
    now: i64,
    followers: &mut Followers,
) -> Result<()> {
    if address_eq(signer.address(), &site.authority) {
        return Ok(());
    }
    check_operator(
        signer.address(),
        site.address(),
        needed,
        now,
        followers.next(),
    )
}

/// Whether `follower` is the account that lets `key` do what `needed` names for `site`.
#[inline(never)]
pub(super) fn check_operator(
    key: &Address,
    site: &Address,
    needed: Permissions,
    now: i64,
    follower: Option<&AccountView>,
) -> Result<()> {
    let Some(&view) = follower else {
        return Err(CustodyError::NotPartnerKey.into());
    };
    let operator = Account::<Operator>::load(view).map_err(|_| CustodyError::NotSitesOperator)?;
    require!(
        operator.partner == *site && operator.key == *key,
        CustodyError::NotSitesOperator
    );
    operator.check(now, needed).map_err(|bar| {
        match bar {
            OperatorBar::NotYetValid => CustodyError::OperatorNotYetValid,
            OperatorBar::Lapsed => CustodyError::OperatorLapsed,
            OperatorBar::Permission => CustodyError::OperatorPermission,
        }
        .into()
    })
}

/// The refusal of a site that acts or sends.
#[inline(always)]
pub(super) fn sender_barred(bar: TradeBar) -> CustodyError {
    match bar {
        TradeBar::Suspended => CustodyError::SenderSuspended,
        TradeBar::Revoked => CustodyError::SenderRevoked,
        TradeBar::LicenceLapsed => CustodyError::SenderLicenceLapsed,
        TradeBar::Role => CustodyError::SenderRole,
    }
}

/// The refusal of a site that receives.
#[inline(always)]
pub(super) fn receiver_barred(bar: TradeBar) -> CustodyError {
    match bar {
        TradeBar::Suspended => CustodyError::ReceiverSuspended,
        TradeBar::Revoked => CustodyError::ReceiverRevoked,
        TradeBar::LicenceLapsed => CustodyError::ReceiverLicenceLapsed,
        TradeBar::Role => CustodyError::ReceiverRole,
    }
}
