use pedigree_domain::ensure;

use crate::{
    error::{CustodyError, Result},
    state::{Consignment, Restrictions},
};

/// Sets a consignment that is held aside, so that it does not go down the chain.
#[inline(always)]
pub fn quarantine(consignment: &mut Consignment) -> Result {
    consignment.check_held()?;
    ensure!(
        !consignment
            .restrictions()
            .contains(Restrictions::QUARANTINED),
        CustodyError::ConsignmentQuarantined
    );
    consignment.restrict(Restrictions::QUARANTINED);
    Ok(())
}

/// Ends the quarantine of a consignment that is held.
#[inline(always)]
pub fn release(consignment: &mut Consignment) -> Result {
    consignment.check_held()?;
    ensure!(
        consignment
            .restrictions()
            .contains(Restrictions::QUARANTINED),
        CustodyError::NotQuarantined
    );
    consignment.lift(Restrictions::QUARANTINED);
    Ok(())
}
