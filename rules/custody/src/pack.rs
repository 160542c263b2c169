use pedigree_domain::ensure;

use crate::{
    error::{CustodyError, Result},
    state::Consignment,
};

/// Names the outermost package of a consignment that is held, by its SSCC-18.
#[inline(always)]
pub fn pack(consignment: &mut Consignment, sscc: u64) -> Result {
    ensure!(sscc != 0, CustodyError::InvalidSscc);
    consignment.check_held()?;
    consignment.set_sscc(sscc)
}

/// Takes a consignment that is held out of its package.
#[inline(always)]
pub fn unpack(consignment: &mut Consignment) -> Result {
    consignment.check_held()?;
    consignment.set_sscc(0)
}
