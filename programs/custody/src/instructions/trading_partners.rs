//! The rule that nothing moves unless both sides are authorised trading partners today.

use anchor_lang::prelude::*;
use pedigree_domain::Roles;
use registry::{Partner, state::TradeBar};

use crate::{errors::CustodyError, state::TransferKind};

/// Checks both sides of a transfer of `kind` at Unix time `now`.
#[inline(always)]
pub(super) fn check_trading_partners(
    from: &Account<Partner>,
    to: &Account<Partner>,
    kind: TransferKind,
    now: i64,
) -> Result<()> {
    require!(
        !anchor_lang::address_eq(from.address(), to.address()),
        CustodyError::SamePartner
    );
    check_sender(from, now)?;
    to.check_trade(now, kind.receiver_roles()).map_err(|bar| {
        match bar {
            TradeBar::Suspended => CustodyError::ReceiverSuspended,
            TradeBar::Revoked => CustodyError::ReceiverRevoked,
            TradeBar::LicenceLapsed => CustodyError::ReceiverLicenceLapsed,
            TradeBar::Role => CustodyError::ReceiverRole,
        }
        .into()
    })
}

#[inline(always)]
fn check_sender(from: &Partner, now: i64) -> Result<()> {
    from.check_trade(now, Roles::CUSTODIANS).map_err(|bar| {
        match bar {
            TradeBar::Suspended => CustodyError::SenderSuspended,
            TradeBar::Revoked => CustodyError::SenderRevoked,
            TradeBar::LicenceLapsed => CustodyError::SenderLicenceLapsed,
            TradeBar::Role => CustodyError::SenderRole,
        }
        .into()
    })
}
