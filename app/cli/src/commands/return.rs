//! `pedigree return`

use anyhow::{Context as _, Result};
use clap::{Args, Subcommand};
use pedigree_client::{
    identifier::Gln,
    planning::returning::{GoodsReturn, return_goods, verify_return},
    reference::ConsignmentRef,
};

use crate::{
    answer::Answer,
    arguments::{Document, deadline},
    context::Context,
    sending::send,
};

/// Offer goods back, or verify goods that came back.
///
/// They may go to their owner, to the site that sold them to it and to the manufacturer; also from a site that is
/// suspended or revoked, or whose licence has lapsed. To another site they go by reversing the sale by which
/// they came from it, which is found on the ledger.
#[derive(Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct Return {
    #[command(subcommand)]
    command: Option<ReturnCommand>,
    /// The consignment: its address, GTIN/LOT[#UNIT], or its SSCC
    #[arg(required = true)]
    consignment: Option<ConsignmentRef>,
    /// GLN of the receiving site [default: the first that takes goods back of their owner, the seller to it
    /// and the manufacturer]
    #[arg(long)]
    to: Option<Gln>,
    /// How long the receiver may take, 90 days at most
    #[arg(long, default_value = "14days", value_name = "TIME")]
    within: humantime::Duration,
    #[command(flatten)]
    document: Document,
}

#[derive(Subcommand)]
enum ReturnCommand {
    /// Record that the identifiers of returned goods were verified, so that they may be sold again
    Verify {
        /// The consignment: its address, GTIN/LOT[#UNIT], or its SSCC
        consignment: ConsignmentRef,
        #[command(flatten)]
        document: Document,
    },
}

impl Return {
    pub async fn run(self, context: &Context) -> Result<Answer> {
        let (ledger, actor) = (&context.ledger, context.actor()?);
        let plan = if let Some(ReturnCommand::Verify {
            consignment,
            document,
        }) = self.command
        {
            verify_return(&actor, &consignment.resolve(ledger).await?, document.hash()).await?
        } else {
            let consignment = self.consignment.context("name a consignment")?;
            let goods_return = GoodsReturn {
                to: self.to,
                deadline: deadline(self.within.into())?,
                document_hash: self.document.hash(),
            };
            return_goods(&actor, &consignment.resolve(ledger).await?, &goods_return).await?
        };
        send(context, plan).await?;
        Ok(Answer::Yes)
    }
}
