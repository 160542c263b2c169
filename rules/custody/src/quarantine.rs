use pedigree_domain::{Roles, ensure};
use registry_rules::Partner;

use crate::{
    error::{CustodyError, Result},
    signer::{check_regulator, check_standing},
    state::{Consignment, ConsignmentStatus, Restrictions},
};

/// Sets a consignment that is held aside at Unix time `now`, so that it does not go down the chain: for its
/// custodian, in good standing.
#[inline(always)]
pub fn quarantine(
    custodian: &Partner,
    consignment: &mut Consignment,
    document_hash: &[u8; 32],
    now: i64,
) -> Result {
    check_standing(custodian, Roles::CUSTODIANS, now)?;
    consignment.check_held()?;
    ensure!(
        !consignment
            .restrictions()
            .contains(Restrictions::QUARANTINED),
        CustodyError::ConsignmentQuarantined
    );
    consignment.set_aside(document_hash);
    Ok(())
}

/// Lifts `restrictions`, bits of [`Restrictions`] that the consignment has, at Unix time `now`; `site` is in
/// good standing.
///
/// - Its custodian ends the quarantine of what it holds, and lifts nothing else, whatever its roles are now: who
///   traded before it became a regulator does not oversee its own goods.
/// - A regulator lifts any restriction but *opened*, also while the goods are on offer.
#[inline(always)]
pub fn release(
    site: &Partner,
    consignment: &mut Consignment,
    restrictions: u8,
    document_hash: &[u8; 32],
    now: i64,
) -> Result {
    if consignment.is_with(site) {
        ensure!(
            restrictions == Restrictions::QUARANTINED.bits(),
            CustodyError::LiftedByRegulator
        );
        check_standing(site, Roles::CUSTODIANS, now)?;
        consignment.check_held()?;
    } else {
        check_regulator(site, CustodyError::LiftedByRegulator, now)?;
        ensure!(
            [ConsignmentStatus::Held, ConsignmentStatus::Offered].contains(&consignment.status),
            CustodyError::UnitsGone
        );
    }
    let lifted = Restrictions::from_bits(restrictions)
        .filter(|lifted| !lifted.is_empty() && Restrictions::LIFTABLE.contains(*lifted))
        .ok_or(CustodyError::InvalidRestrictions)?;
    ensure!(
        consignment.restrictions().contains(lifted),
        CustodyError::NotRestricted
    );
    consignment.release(lifted, document_hash);
    Ok(())
}
