use pedigree_domain::ensure;

use crate::{
    error::{CustodyError, Result},
    state::{Change, Consignment, Lot, Restrictions},
};

/// Makes returned goods saleable again at Unix time `now`: their custodian has verified their product
/// identifiers (DSCSA section 582(c)(4)(D)).
///
/// Goods that could not be sold for another reason are refused. `sequence` is the consignment's, as its
/// custodian saw it.
#[inline(always)]
pub fn verify_return(lot: &Lot, consignment: &mut Consignment, sequence: u32, now: i64) -> Result {
    consignment.check_sequence(sequence)?;
    ensure!(
        consignment.restrictions().contains(Restrictions::RETURNED),
        CustodyError::NotReturned
    );
    consignment.lift(Restrictions::RETURNED);
    consignment.check_movable(lot, Change::Sale, now)
}
