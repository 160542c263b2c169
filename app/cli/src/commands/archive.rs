//! `pedigree archive`

use anyhow::Result;
use chrono::Utc;
use clap::Args;
use pedigree_client::{
    planning::archiving::{Archiving, archive},
    reference::ConsignmentRef,
};
use serde::Serialize;

use crate::{answer::Answer, context::Context, output::Report, sending::send, words::time};

/// Close transfers that were settled six years ago or earlier.
///
/// The law asks for no longer. Anyone may do it; the rent goes back to whoever paid it.
#[derive(Args)]
pub struct Archive {
    /// Only this consignment's [default: those whose rent goes back to the fee payer]
    consignment: Option<ConsignmentRef>,
}

impl Archive {
    pub async fn run(self, context: &Context) -> Result<Answer> {
        let now = Utc::now().timestamp();
        match archive(&context.actor()?, self.consignment, now).await? {
            Archiving::Due(plan) => send(context, plan).await?,
            Archiving::NothingDue { settled, next } => {
                context.print(&NothingDue { settled, next });
            }
        }
        Ok(Answer::Yes)
    }
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
