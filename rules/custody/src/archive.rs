use pedigree_domain::ensure;

use crate::{
    error::{CustodyError, Result},
    state::{Transfer, TransferState},
};

/// Whether a transfer may be closed at Unix time `now`: six years after it was settled.
#[inline(always)]
pub fn archive(transfer: &Transfer, now: i64) -> Result {
    ensure!(
        transfer.state != TransferState::Offered,
        CustodyError::TransferOpen
    );
    ensure!(
        now >= transfer.settled_at.saturating_add(Transfer::RETENTION),
        CustodyError::TransferRetained
    );
    Ok(())
}
