//! Closing transfers that need not be kept any longer.

use custody::{Transfer, TransferState};
use pedigree_interface::{Located, instruction::custody as instruction};

use crate::{actor::Actor, error::Result, ledger::Filter, plan::Plan, reference::ConsignmentRef};

/// What there is to close.
#[derive(Clone, Debug)]
pub enum Archiving {
    /// Transfers that were settled six years ago or earlier.
    Due(Plan),
    /// None was.
    NothingDue {
        /// How many settled transfers there are.
        settled: usize,
        /// Unix seconds: from when the first of them may be closed.
        next: Option<i64>,
    },
}

/// Closes the transfers whose six years (21 U.S.C. 360eee-1) are over at Unix time `now`: those of
/// `consignment`, or all whose rent goes back to the actor's fee payer. Anyone may.
///
/// # Errors
///
/// If the ledger cannot be read.
pub async fn archive(
    actor: &Actor<'_>,
    consignment: Option<ConsignmentRef>,
    now: i64,
) -> Result<Archiving> {
    let filter = match consignment {
        Some(consignment) => {
            Filter::transfer_consignment(&consignment.address(actor.ledger).await?)
        }
        None => Filter::transfer_payer(&actor.payer.key),
    };
    let mut settled: Vec<Located<Transfer>> = actor.ledger.list(&[filter]).await?;
    settled.retain(|transfer| transfer.state != TransferState::Offered);
    settled.sort_by_key(|transfer| transfer.settled_at);
    let due: Vec<_> = settled
        .iter()
        .filter(|transfer| now >= closable_at(transfer))
        .map(|transfer| instruction::archive(transfer.address, transfer.payer))
        .collect();
    if due.is_empty() {
        return Ok(Archiving::NothingDue {
            settled: settled.len(),
            next: settled.first().map(|transfer| closable_at(transfer)),
        });
    }
    let purpose = format!(
        "close {} transfers that were settled six years ago",
        due.len()
    );
    Ok(Archiving::Due(actor.plan(purpose, due)))
}

/// Unix seconds: from when a settled transfer may be closed.
const fn closable_at(transfer: &Transfer) -> i64 {
    transfer.settled_at.saturating_add(Transfer::RETENTION)
}
