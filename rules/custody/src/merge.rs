use pedigree_domain::{Roles, ensure};
use registry_rules::Partner;

use crate::{
    error::{CustodyError, Result},
    signer::check_standing,
    state::Consignment,
};

/// Joins the `neighbour`, which is then closed, to the consignment at Unix time `now`: each with the sequence
/// that the custodian saw.
///
/// - The custodian is in good standing: nothing goes home by this, as it does once it was split or packed.
/// - Both are held and under no case. No case ever named the neighbour: its account stays where the case
///   says.
/// - The neighbour has the units right after the consignment's, of the same lot, with the same
///   custodian, owner, supplier and restrictions; and no recall of the lot came between the purchases of the
///   two, so that each unit still shows whether its owner had it when it was recalled.
/// - What another site owns is merged with all units there: of what is partly gone it does not give title up.
#[inline(always)]
pub fn merge(
    custodian: &Partner,
    (consignment, sequence): (&mut Consignment, u32),
    (neighbour, neighbour_sequence): (&Consignment, u32),
    now: i64,
) -> Result {
    check_standing(custodian, Roles::CUSTODIANS, now)?;
    consignment.check_sequence(sequence)?;
    neighbour.check_sequence(neighbour_sequence)?;
    for part in [&*consignment, neighbour] {
        part.check_held()?;
        part.check_no_case()?;
        if part.owner != custodian.gln {
            part.check_present()?;
        }
    }
    ensure!(neighbour.cases == 0, CustodyError::NamedByCase);
    consignment.next_sequence()?;
    consignment.merge(neighbour)
}
