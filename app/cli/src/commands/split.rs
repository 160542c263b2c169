//! `pedigree split`

use anyhow::Result;
use clap::Args;
use pedigree_client::{
    identifier::Sscc,
    planning::packing::{Parts, split},
    reference::ConsignmentRef,
};

use crate::{answer::Answer, context::Context, sending::send};

/// Split the last units of a consignment off.
///
/// They become consignments of their own; signed by the custodian. A package is broken up: the rest is
/// loose until it is packed again.
#[derive(Args)]
pub struct Split {
    /// The consignment: its address, GTIN/LOT[#UNIT], or its SSCC
    consignment: ConsignmentRef,
    /// How many units each new consignment gets
    #[arg(long, value_name = "N")]
    units: u32,
    /// SSCC of the package that the units are in; one for each new consignment [default: loose]
    #[arg(long, value_delimiter = ',')]
    sscc: Vec<Sscc>,
    /// How many consignments are split off, the last units first [default: one, or one for each SSCC]
    #[arg(long, value_name = "N", conflicts_with = "sscc")]
    times: Option<u32>,
}

impl Split {
    pub async fn run(self, context: &Context) -> Result<Answer> {
        let consignment = self.consignment.resolve(&context.ledger).await?;
        let parts = match self.sscc.is_empty() {
            true => Parts::Loose(self.times.unwrap_or(1)),
            false => Parts::Packed(self.sscc),
        };
        let plan = split(&context.actor()?, &consignment, self.units, &parts).await?;
        send(context, plan).await?;
        Ok(Answer::Yes)
    }
}
