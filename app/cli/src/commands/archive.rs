//! `pedigree archive`

use anyhow::Result;
use chrono::Utc;
use clap::Args;
use pedigree_client::{
    custody::{Transfer, TransferState},
    instruction::custody::archive,
    ledger::Filter,
};
use serde::Serialize;
use solana_pubkey::Pubkey;
use solana_signer::Signer;

use crate::{
    Answer,
    arguments::{ConsignmentRef, time},
    context::Context,
    output::Report,
    sending::Job,
};

/// Close transfers whose six years are over.
///
/// Nobody has to keep records of them any more. Anyone may do it; the rent goes back to who paid
/// it.
#[derive(Args)]
pub struct Archive {
    /// Only this consignment's [default: those whose rent the fee payer gets back]
    consignment: Option<ConsignmentRef>,
}

impl Archive {
    pub async fn run(self, context: &Context) -> Result<Answer> {
        let ledger = &context.ledger;
        let filter = match self.consignment {
            Some(consignment) => Filter::transfer_consignment(&consignment.address(ledger).await?),
            None => Filter::transfer_payer(&context.fee_payer()?.pubkey()),
        };
        let mut transfers: Vec<(Pubkey, Transfer)> = ledger.list(&[filter]).await?;
        transfers.retain(|(_, transfer)| transfer.state != TransferState::Offered);
        transfers.sort_by_key(|(_, transfer)| transfer.settled_at);
        let now = Utc::now().timestamp();
        let is_due = |transfer: &Transfer| now >= free_at(transfer);
        let due: Vec<_> = transfers
            .iter()
            .filter(|(_, transfer)| is_due(transfer))
            .map(|(address, transfer)| archive(*address, transfer.payer))
            .collect();
        if due.is_empty() {
            context.print(&NothingDue {
                settled: transfers.len(),
                next: transfers.first().map(|(_, transfer)| free_at(transfer)),
            });
            return Ok(Answer::Yes);
        }
        let purpose = format!(
            "close {} transfers that were settled six years ago",
            due.len()
        );
        let transactions = context.submitter()?.bundle(due);
        Job::of_many(purpose, transactions).run(context).await?;
        Ok(Answer::Yes)
    }
}

/// Unix seconds: from when a settled transfer may be closed.
fn free_at(transfer: &Transfer) -> i64 {
    transfer.settled_at.saturating_add(Transfer::RETENTION)
}

/// Why nothing was closed.
#[derive(Serialize)]
struct NothingDue {
    /// How many settled transfers there are.
    settled: usize,
    /// From when the first of them may be closed.
    next: Option<i64>,
}

impl Report for NothingDue {
    fn text(&self) -> String {
        match self.next {
            None => "There is no settled transfer.".to_owned(),
            Some(next) => format!(
                "None of {} settled transfers may be closed before {}.",
                self.settled,
                time(next)
            ),
        }
    }
}
