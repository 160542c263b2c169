//! `pedigree lot`: one module for each of its commands, and the [`report`] that two of them print.

mod adopt;
mod list;
mod mint;
mod pages;
mod report;
mod show;

use anyhow::Result;
use clap::{Args, Subcommand};
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
    OpenPages(Named),
    /// Become responsible for a lot that another manufacturer minted: to oversee, recall and take it back
    ///
    /// For the manufacturer that holds the product now. Who minted the lot stays on record.
    Adopt(Named),
    /// Show a lot and who holds its units
    Show(Named),
    /// List lots
    List {
        /// Only those of this product
        #[arg(long)]
        gtin: Option<Gtin>,
    },
}

/// A lot that was minted.
#[derive(Args)]
pub struct Named {
    gtin: Gtin,
    lot_number: LotNumber,
    /// Number of the series of the product's lots that it is in, counted from 0, should the registry authority
    /// have moved the product [default: the newest with such a lot]
    #[arg(long, value_name = "N")]
    series: Option<u16>,
}

impl From<Named> for LotRef {
    fn from(named: Named) -> Self {
        Self {
            gtin: named.gtin,
            lot_number: named.lot_number,
            series: named.series,
        }
    }
}

impl Lot {
    pub async fn run(self, context: &Context) -> Result<Answer> {
        match self {
            Self::Mint(mint) => return mint.run(context).await,
            Self::OpenPages(named) => pages::open(context, named.into()).await?,
            Self::Adopt(named) => adopt::run(context, named.into()).await?,
            Self::Show(named) => show::show(context, named.into()).await?,
            Self::List { gtin } => list::list(context, gtin).await?,
        }
        Ok(Answer::Yes)
    }
}
