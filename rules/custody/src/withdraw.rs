use crate::{
    error::Result,
    state::{Change, Consignment},
};

/// Takes a whole consignment that is held out of the chain where no witness is needed: samples, theft. An
/// open case does not stand in the way. `sequence` is the consignment's, as its custodian saw it.
#[inline(always)]
pub fn withdraw(
    consignment: &mut Consignment,
    kind: Change,
    sequence: u32,
    document_hash: &[u8; 32],
) -> Result {
    consignment.check_held()?;
    consignment.check_whole()?;
    consignment.check_sequence(sequence)?;
    consignment.next_sequence()?;
    consignment.withdraw(kind, document_hash);
    Ok(())
}
