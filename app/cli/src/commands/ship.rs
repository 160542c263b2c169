//! `pedigree ship`

use anyhow::Result;
use clap::Args;
use pedigree_client::{
    identifier::Gln,
    planning::offers::{Shipment, ship},
    reference::ConsignmentRef,
};

use crate::{
    answer::Answer,
    arguments::{TransferTerms, deadline},
    context::Context,
    sending::send,
};

/// Offer a consignment to another partner.
///
/// The receiver accepts it with `receive` before the deadline. A sale makes the transaction
/// statement of DSCSA section 581(27). To send goods back use `return`. To disposal goods go also from a site
/// that is suspended or revoked, or whose licence has lapsed.
#[derive(Args)]
pub struct Ship {
    /// The consignment: its address, GTIN/LOT[#UNIT], or its SSCC
    consignment: ConsignmentRef,
    /// GLN of the receiving site
    #[arg(long)]
    to: Gln,
    /// How long the receiver may take, 90 days at most
    #[arg(long, default_value = "14days", value_name = "TIME")]
    within: humantime::Duration,
    #[command(flatten)]
    terms: TransferTerms,
}

impl Ship {
    pub async fn run(self, context: &Context) -> Result<Answer> {
        let consignment = self.consignment.resolve(&context.ledger).await?;
        let shipment = Shipment {
            to: self.to,
            kind: self.terms.kind.into(),
            deadline: deadline(self.within.into())?,
            document_hash: self.terms.document.hash(),
        };
        let plan = ship(&context.actor()?, &consignment, &shipment).await?;
        send(context, plan).await?;
        Ok(Answer::Yes)
    }
}
