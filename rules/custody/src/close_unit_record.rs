use pedigree_domain::ensure;

use crate::{
    error::{CustodyError, Result},
    state::{Transfer, UnitRecord},
};

/// Whether a record may be closed at Unix time `now`: by who paid for it once nothing in it can be undone, by
/// anybody else when it is as old as transfers are kept, which is six years.
#[inline(always)]
pub fn close_unit_record(record: &UnitRecord, by_payer: bool, now: i64) -> Result {
    let kept = if by_payer {
        UnitRecord::UNDO_TIME
    } else {
        Transfer::RETENTION
    };
    ensure!(
        now > record.last_at.saturating_add(kept),
        CustodyError::RecordRetained
    );
    Ok(())
}
