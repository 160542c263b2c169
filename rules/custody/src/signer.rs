//! Who may act: refusals of sites that may not trade, of operators, and of witnesses.

use pedigree_domain::{Roles, ensure};
use registry_rules::{Ineligible, NotPermitted, Partner};
use solana_address::{Address, address_eq};

use crate::error::{CustodyError, Result};

impl From<NotPermitted> for CustodyError {
    fn from(reason: NotPermitted) -> Self {
        match reason {
            NotPermitted::NotPartnerKey => Self::NotPartnerKey,
            NotPermitted::NotSitesOperator => Self::NotSitesOperator,
            NotPermitted::Dismissed => Self::OperatorDismissed,
            NotPermitted::NotYetValid => Self::OperatorNotYetValid,
            NotPermitted::Lapsed => Self::OperatorLapsed,
            NotPermitted::Permission => Self::OperatorPermission,
        }
    }
}

/// Refuses a `site` that acts while it may not trade in one of `roles` at Unix time `now`: it is suspended
/// or revoked, its licence has lapsed, or it has none of the roles.
///
/// What protects others needs no standing but a confirmed key: answering, reporting a theft, sending goods back
/// or to disposal, rejecting and ending offers. What stops, condemns, releases or takes goods out of the chain
/// does.
#[inline(never)]
pub fn check_standing(site: &Partner, roles: Roles, now: i64) -> Result {
    site.check_trade(now, roles).map_err(ineligible_sender)
}

/// Refuses a `site` whose key has not confirmed its admission, also of what needs no standing: until then the
/// key may be a typing error, and a GLN that was given to another holder may have goods.
pub fn check_confirmed(site: &Partner) -> Result {
    ensure!(site.is_confirmed(), CustodyError::SenderNotConfirmed);
    Ok(())
}

/// Refuses a `site` that is not a regulator in good standing at Unix time `now`, with `otherwise` if its
/// roles are others.
#[inline(never)]
pub fn check_regulator(site: &Partner, otherwise: CustodyError, now: i64) -> Result {
    ensure!(site.roles & Roles::REGULATOR.bits() != 0, otherwise);
    check_standing(site, Roles::REGULATOR, now)
}

/// Whether another person than the `actor` witnesses, for a site that may trade at Unix time `now`.
///
/// A destruction needs two persons (21 CFR 1317.95(d); GDP 2013/C 343/01, section 6.3 asks for the
/// record).
#[inline(always)]
pub fn check_witness(witness: &Address, actor: &Address, site: &Partner, now: i64) -> Result {
    ensure!(!address_eq(witness, actor), CustodyError::WitnessIsActor);
    check_standing(site, Roles::all(), now)
}

/// The refusal of a site that acts or sends.
#[inline(always)]
pub const fn ineligible_sender(reason: Ineligible) -> CustodyError {
    match reason {
        Ineligible::NotConfirmed => CustodyError::SenderNotConfirmed,
        Ineligible::Suspended => CustodyError::SenderSuspended,
        Ineligible::Revoked => CustodyError::SenderRevoked,
        Ineligible::LicenceLapsed => CustodyError::SenderLicenceLapsed,
        Ineligible::Role => CustodyError::SenderRole,
    }
}

/// The refusal of a site that receives.
#[inline(always)]
pub const fn ineligible_receiver(reason: Ineligible) -> CustodyError {
    match reason {
        Ineligible::NotConfirmed => CustodyError::ReceiverNotConfirmed,
        Ineligible::Suspended => CustodyError::ReceiverSuspended,
        Ineligible::Revoked => CustodyError::ReceiverRevoked,
        Ineligible::LicenceLapsed => CustodyError::ReceiverLicenceLapsed,
        Ineligible::Role => CustodyError::ReceiverRole,
    }
}
