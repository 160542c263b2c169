//! `pedigree recall`: one module for each of its commands, what they name recalls and units by, and
//! the [`terms`] on which one is opened.

mod escrow;
mod expand;
mod list;
mod narrow;
mod open;
mod reclassify;
mod report;
mod respond;
mod status;
mod step;
mod terms;

use std::{fmt, path::PathBuf, str::FromStr};

use anyhow::{Context as _, Result};
use clap::{Args, Subcommand};
use pedigree_client::{
    Ledger, address, custody::RECALLS, identifier::Gtin, instruction::recall as instruction, recall,
};
use solana_pubkey::Pubkey;

use self::{
    escrow::{Claim, Fund, Prove, Withdraw},
    expand::Expand,
    narrow::Narrow,
    open::Open,
    reclassify::Reclassify,
    respond::Respond,
    step::Step,
};
use super::watch::Watch;
use crate::{Answer, arguments::LotRef, context::Context};

#[derive(Subcommand)]
pub enum Recall {
    Open(Open),
    Expand(Expand),
    Narrow(Narrow),
    Reclassify(Reclassify),
    /// Say that everything reasonable was done; for who opened the recall and the manufacturer
    Complete(Step),
    /// End a recall, for a regulator; its units stay stopped
    Terminate(Step),
    Respond(Respond),
    Prove(Prove),
    Fund(Fund),
    Claim(Claim),
    Withdraw(Withdraw),
    /// Show how a recall stands: what each site says, and what the ledger shows
    ///
    /// Exit code 1 while units that were distributed are not accounted for.
    Status {
        recall: RecallRef,
    },
    /// Write what an inspector files: one page with a chart of the effectiveness over time
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
        /// Those that are terminated as well
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
            Self::Complete(step) => step.run(context, "complete", instruction::complete).await,
            Self::Terminate(step) => step.run(context, "terminate", instruction::terminate).await,
            Self::Respond(command) => command.run(context).await,
            Self::Prove(command) => command.run(context).await,
            Self::Fund(command) => command.run(context).await,
            Self::Claim(command) => command.run(context).await,
            Self::Withdraw(command) => command.run(context).await,
            Self::Status { recall } => status::status(context, recall).await,
            Self::Report { recall, to } => status::write_report(context, recall, to).await,
            Self::List { gtin, all } => list::list(context, gtin, all).await,
            Self::Watch(WatchRecalls { watch }) => watch.of_recalls(context).await,
        }
    }
}

/// Tell of recalls as they come, with what of the site's is affected.
///
/// Consignments, open offers and dispensed units, within a slot, until Ctrl-C.
#[derive(Args)]
pub struct WatchRecalls {
    #[command(flatten)]
    watch: Watch,
}

/// A recall, as people name it: by its account, or as `GTIN/LOT` with `#N` for its place among the
/// lot's recalls, counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecallRef(Pubkey);

impl RecallRef {
    /// The account, with its address.
    async fn get(self, ledger: &Ledger) -> Result<(Pubkey, recall::Recall)> {
        Ok((self.0, ledger.get(&self.0).await?))
    }
}

impl FromStr for RecallRef {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Self> {
        if let Ok(address) = text.parse() {
            return Ok(Self(address));
        }
        let (lot, number) = text.split_once('#').unwrap_or((text, "0"));
        let number: u8 = number
            .parse()
            .ok()
            .filter(|&number| usize::from(number) < RECALLS)
            .with_context(|| format!("{number:?} is no number of a recall: 0 to 7"))?;
        let lot = lot
            .parse::<LotRef>()
            .with_context(|| format!("{text:?} is no recall: give its address, or GTIN/LOT#N"))?;
        Ok(Self(address::recall(&lot.address(), number)))
    }
}

/// A run of a lot's units: `100-199`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    first: u32,
    quantity: u32,
}

impl FromStr for Run {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Self> {
        let (first, last) = text.split_once('-').unwrap_or((text, text));
        let number = |digits: &str| -> Result<u32> {
            digits.trim().parse().with_context(|| {
                format!("{digits:?} is no number of a unit: write the run as FIRST-LAST")
            })
        };
        let (first, last) = (number(first)?, number(last)?);
        let quantity = last.checked_sub(first).and_then(|more| more.checked_add(1));
        let quantity = quantity.with_context(|| format!("{text:?} ends before it begins"))?;
        Ok(Self { first, quantity })
    }
}

impl fmt::Display for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} units from unit {}", self.quantity, self.first)
    }
}
