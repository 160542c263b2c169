//! `pedigree lot`: one module for each of its commands, and the [`report`] that two of them print.

mod adopt;
mod list;
mod mint;
mod pages;
mod report;
mod show;

use anyhow::Result;
use clap::Subcommand;
use pedigree_client::{
    identifier::{Gtin, LotNumber},
    reference::LotRef,
};

use self::mint::Mint;
use crate::{answer::Answer, context::Context};

#[derive(Subcommand)]
pub enum Lot {
    Mint(Mint),
    /// Open the pages that track a lot's units one by one; anyone may who pays for them
    OpenPages {
        gtin: Gtin,
        lot_number: LotNumber,
    },
    /// Become responsible for a lot that another manufacturer minted: to oversee, recall and take it back
    ///
    /// For the manufacturer that holds the product now. Who minted the lot stays on record.
    Adopt {
        gtin: Gtin,
        lot_number: LotNumber,
    },
    /// Show a lot and who holds its units
    Show {
        gtin: Gtin,
        lot_number: LotNumber,
    },
    /// List lots
    List {
        /// Only those of this product
        #[arg(long)]
        gtin: Option<Gtin>,
    },
}

impl Lot {
    pub async fn run(self, context: &Context) -> Result<Answer> {
        match self {
            Self::Mint(mint) => return mint.run(context).await,
            Self::OpenPages { gtin, lot_number } => {
                pages::open(context, LotRef { gtin, lot_number }).await?;
            }
            Self::Adopt { gtin, lot_number } => {
                adopt::run(context, LotRef { gtin, lot_number }).await?;
            }
            Self::Show { gtin, lot_number } => {
                show::show(context, LotRef { gtin, lot_number }).await?;
            }
            Self::List { gtin } => list::list(context, gtin).await?,
        }
        Ok(Answer::Yes)
    }
}
