use pedigree_domain::ensure;

use crate::{
    error::{CustodyError, Result},
    state::Consignment,
};

/// Joins the `neighbour`, which is then closed, to the consignment: each with the sequence that the
/// custodian saw.
///
/// - Both are held and under no case. No case ever named the neighbour: its account stays where the case
///   says.
/// - The neighbour has the units right after the consignment's, of the same lot, with the same
///   custodian, owner, supplier and restrictions; and no recall of the lot came between the purchases of the
///   two, so that each unit still shows whether its owner had it when it was recalled.
#[inline(always)]
pub fn merge(
    (consignment, sequence): (&mut Consignment, u32),
    (neighbour, neighbour_sequence): (&Consignment, u32),
) -> Result {
    consignment.check_sequence(sequence)?;
    neighbour.check_sequence(neighbour_sequence)?;
    for part in [&*consignment, neighbour] {
        part.check_held()?;
        part.check_no_case()?;
    }
    ensure!(neighbour.cases == 0, CustodyError::NamedByCase);
    consignment.next_sequence()?;
    consignment.merge(neighbour)
}
