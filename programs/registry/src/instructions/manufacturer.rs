//! The rule that only an authorised manufacturer or repackager owns products.

use anchor_lang::prelude::*;
use pedigree_domain::Roles;

use crate::{
    errors::RegistryError,
    state::{Partner, TradeBar},
};

/// Checks that a partner may own products at Unix time `now`.
// Out of line: every instruction about products asks.
#[inline(never)]
pub(super) fn check_manufacturer(partner: &Partner, now: i64) -> Result<()> {
    partner
        .check_trade(now, Roles::MANUFACTURER.union(Roles::REPACKAGER))
        .map_err(|bar| {
            match bar {
                TradeBar::Suspended => RegistryError::PartnerNotActive,
                TradeBar::Revoked => RegistryError::PartnerRevoked,
                TradeBar::LicenceLapsed => RegistryError::LicenceLapsed,
                TradeBar::Role => RegistryError::NotManufacturer,
            }
            .into()
        })
}
