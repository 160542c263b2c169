use core::ops::Deref;

use crate::{
    error::Result,
    state::{Consignment, Gone, UnitPage},
};

/// What is cut off a consignment.
#[derive(Clone, Copy, Debug)]
pub struct Cut {
    /// The consignment's sequence when it was read.
    pub sequence: u32,
    /// How many of the last units.
    pub quantity: u32,
    /// SSCC-18 of the package that they are in; 0 = loose.
    pub sscc: u64,
}

/// Cuts the last units of `consignment` off into `child`, a new consignment. What was packed is broken
/// up: the rest has no SSCC until it is packed again.
///
/// - The consignment is held, under no case, and the one with the sequence that its custodian saw.
/// - At least one unit stays and one goes.
/// - If some units are gone one by one, `next_page` gives the pages of the units that are cut off, in
///   order, and each part counts its own.
#[inline(always)]
pub fn split<P: Deref<Target = UnitPage>>(
    consignment: &mut Consignment,
    child: &mut Consignment,
    cut: Cut,
    next_page: impl FnMut() -> Result<P>,
) -> Result {
    let Cut {
        sequence,
        quantity,
        sscc,
    } = cut;
    consignment.check_sequence(sequence)?;
    consignment.check_held()?;
    consignment.check_no_case()?;
    consignment.next_sequence()?;
    let gone = if consignment.inactive == 0 {
        Gone::default()
    } else {
        consignment.check_split(quantity)?;
        let first = consignment.first_unit + (consignment.quantity - quantity);
        UnitPage::count_gone(&consignment.lot, first, quantity, next_page)?
    };
    consignment.split(child, quantity, gone)?;
    child.set_sscc(sscc)
}
