//! Who may act: operators that may settle recalls, manufacturers and regulators.

use pedigree_domain::{Roles, ensure};
use registry_rules::{Ineligible, NotPermitted, Partner, PartnerStatus};

use crate::error::{RecallError, Result};

impl From<NotPermitted> for RecallError {
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

/// Refuses a `site` that is neither the lot's `manufacturer`, nor who holds its product now (`is_holder`), nor
/// a regulator, in good standing at Unix time `now`: who lost its licence stops nobody's goods, and a
/// regulator recalls in its place. Returns whether it acts as a regulator.
#[inline(never)]
pub fn check_overseer(
    site: &Partner,
    manufacturer: u64,
    is_holder: bool,
    now: i64,
) -> Result<bool> {
    if site.gln != manufacturer && !is_holder {
        check_regulator(site, RecallError::NotOverseer, now)?;
        return Ok(true);
    }
    site.check_trade(now, Roles::MANUFACTURER.union(Roles::REPACKAGER))
        .map_err(|reason| match reason {
            Ineligible::Suspended => RecallError::SiteSuspended,
            Ineligible::Revoked => RecallError::ManufacturerRevoked,
            Ineligible::LicenceLapsed => RecallError::ManufacturerLapsed,
            Ineligible::NotConfirmed | Ineligible::Role => RecallError::NotOverseer,
        })?;
    Ok(false)
}

/// Refuses a site while it is suspended, because its key may be in a thief's hands, and before its key has
/// confirmed its admission, because it may be a typing error: the money that a GLN put aside or is owed passes
/// with the GLN to another holder.
pub fn check_key(site: &Partner) -> Result {
    ensure!(
        site.status != PartnerStatus::Suspended,
        RecallError::SiteSuspended
    );
    check_confirmed(site)
}

/// Refuses a site whose key has not confirmed its admission.
pub fn check_confirmed(site: &Partner) -> Result {
    ensure!(site.is_confirmed(), RecallError::SiteNotConfirmed);
    Ok(())
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
