//! `pedigree recall`: one module for each of its commands, and the [`terms`] on which one is opened.

mod compensation;
mod expand;
mod list;
mod narrow;
mod open;
mod page;
mod reclassify;
mod report;
mod respond;
mod status;
mod step;
mod terms;

use std::path::PathBuf;

use anyhow::Result;
use clap::{Args, Subcommand};
use pedigree_client::{identifier::Gtin, reference::RecallRef};

use self::{
    compensation::{Claim, Fund, Prove, ReturnTitle, Withdraw},
    expand::Expand,
    narrow::Narrow,
    open::Open,
    reclassify::Reclassify,
    respond::Respond,
    step::Step,
};
use super::watch::Watch;
use crate::{answer::Answer, context::Context};

#[derive(Subcommand)]
pub enum Recall {
    Open(Open),
    Expand(Expand),
    Narrow(Narrow),
    Reclassify(Reclassify),
    /// Declare that everything reasonable was done: for the lot's manufacturer, or the site that holds the
    /// product now
    Complete(Step),
    /// End a recall: for a regulator; its units stay blocked
    Terminate(Step),
    /// Take a terminated recall up again: for a regulator
    Reopen(Step),
    Respond(Respond),
    Prove(Prove),
    Fund(Fund),
    ReturnTitle(ReturnTitle),
    Claim(Claim),
    Withdraw(Withdraw),
    /// Show how a recall stands: what each site answers, and what the ledger shows
    ///
    /// Exit code 1 while units that were distributed are not accounted for.
    Status {
        recall: RecallRef,
    },
    /// Write a report to file: one HTML page with a chart of the effectiveness over time
    Report {
        recall: RecallRef,
        /// The new file, HTML
        #[arg(long, value_name = "FILE")]
        to: PathBuf,
    },
    /// List recalls, the newest first
    List {
        /// Only those of this product
        #[arg(long)]
        gtin: Option<Gtin>,
        /// Include those that are terminated
        #[arg(long)]
        all: bool,
    },
    Watch(WatchRecalls),
}

impl Recall {
    pub async fn run(self, context: &Context) -> Result<Answer> {
        match self {
            Self::Open(command) => command.run(context).await,
            Self::Expand(command) => command.run(context).await,
            Self::Narrow(command) => command.run(context).await,
            Self::Reclassify(command) => command.run(context).await,
            Self::Complete(step) => step.complete(context).await,
            Self::Terminate(step) => step.terminate(context).await,
            Self::Reopen(step) => step.reopen(context).await,
            Self::Respond(command) => command.run(context).await,
            Self::Prove(command) => command.run(context).await,
            Self::Fund(command) => command.run(context).await,
            Self::ReturnTitle(command) => command.run(context).await,
            Self::Claim(command) => command.run(context).await,
            Self::Withdraw(command) => command.run(context).await,
            Self::Status { recall } => status::status(context, recall).await,
            Self::Report { recall, to } => status::write_report(context, recall, to).await,
            Self::List { gtin, all } => list::list(context, gtin, all).await,
            Self::Watch(WatchRecalls { watch }) => watch.of_recalls(context).await,
        }
    }
}

/// Watch for recalls and list the site's affected goods.
///
/// Consignments, open offers and dispensed units, within a slot, until Ctrl-C.
#[derive(Args)]
pub struct WatchRecalls {
    #[command(flatten)]
    watch: Watch,
}
