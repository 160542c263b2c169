use pedigree_domain::ensure;

use crate::{
    error::{CustodyError, Result},
    state::DispenseRecord,
};

/// Whether a record may be closed at Unix time `now`: once nothing in it can be undone.
#[inline(always)]
pub fn close_dispense_record(record: &DispenseRecord, now: i64) -> Result {
    let undoable_until = record.last_at.saturating_add(DispenseRecord::UNDO_TIME);
    ensure!(now > undoable_until, CustodyError::RecordRetained);
    Ok(())
}
