//! Who may act: operators that may settle recalls, manufacturers and regulators.

use pedigree_domain::{Permissions, Roles, ensure};
use registry_rules::{Ineligible, NotPermitted, Operator, Partner};
use solana_address::Address;

use crate::error::{RecallError, Result};

/// Whether `operator` lets `key` settle recalls for `site`, whose account is at `address`, at Unix time
/// `now`.
#[inline(always)]
pub fn check_operator(
    operator: &Operator,
    key: &Address,
    (address, site): (&Address, &Partner),
    now: i64,
) -> Result {
    ensure!(
        operator.partner == *address && operator.key == *key,
        RecallError::NotSitesOperator
    );
    operator
        .check(site, now, Permissions::RECALL)
        .map_err(|reason| match reason {
            NotPermitted::Dismissed => RecallError::OperatorDismissed,
            NotPermitted::NotYetValid => RecallError::OperatorNotYetValid,
            NotPermitted::Lapsed => RecallError::OperatorLapsed,
            NotPermitted::Permission => RecallError::OperatorPermission,
        })
}

/// Whether `site` oversees the lot that `manufacturer` minted as a regulator; refused unless it does,
/// or is that manufacturer, whose licence does not matter: it may always call back what it made.
#[inline(never)]
pub fn is_regulator(site: &Partner, manufacturer: u64, now: i64) -> Result<bool> {
    if site.gln == manufacturer {
        return Ok(false);
    }
    check_regulator(site, RecallError::NotOverseer, now)?;
    Ok(true)
}

/// Refuses a site that is not a regulator at Unix time `now`, with `otherwise` if it never was one.
pub fn check_regulator(site: &Partner, otherwise: RecallError, now: i64) -> Result {
    site.check_trade(now, Roles::REGULATOR).map_err(|reason| {
        if site.roles & Roles::REGULATOR.bits() == 0 {
            return otherwise;
        }
        match reason {
            Ineligible::NotConfirmed => RecallError::RegulatorNotConfirmed,
            Ineligible::Suspended => RecallError::RegulatorSuspended,
            Ineligible::Revoked => RecallError::RegulatorRevoked,
            Ineligible::LicenceLapsed => RecallError::RegulatorLapsed,
            Ineligible::Role => otherwise,
        }
    })
}
