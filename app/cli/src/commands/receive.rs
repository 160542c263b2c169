//! `pedigree receive`

use anyhow::Result;
use clap::Args;
use pedigree_client::{
    custody::ExceptionCode,
    planning::{Grounds, offers::receive},
    reference::ConsignmentRef,
};

use crate::{
    answer::Answer,
    arguments::{Document, exceptions},
    context::Context,
    sending::send,
};

/// Accept a consignment on offer.
///
/// Signed by the receiving site. Goods with a discrepancy can be accepted too, with a case on it that
/// the sender has to answer.
#[derive(Args)]
pub struct Receive {
    /// The consignment: its address, GTIN/LOT[#UNIT], or its SSCC
    consignment: ConsignmentRef,
    /// What is wrong with the goods: opens a case, and they stay where they are until it is resolved
    #[arg(long, value_parser = exceptions())]
    discrepancy: Option<ExceptionCode>,
    /// How many units the discrepancy concerns [default: all]
    #[arg(long, value_name = "N", requires = "discrepancy")]
    units: Option<u32>,
    #[command(flatten)]
    document: Document,
}

impl Receive {
    pub async fn run(self, context: &Context) -> Result<Answer> {
        let consignment = self.consignment.resolve(&context.ledger).await?;
        let discrepancy = self.discrepancy.map(|exception| Grounds {
            exception,
            units: self.units,
            document_hash: self.document.hash(),
        });
        let plan = receive(&context.actor()?, &consignment, discrepancy).await?;
        send(context, plan).await?;
        Ok(Answer::Yes)
    }
}
