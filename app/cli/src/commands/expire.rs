//! `pedigree expire`

use anyhow::Result;
use clap::Args;
use pedigree_client::{planning::offers::expire, reference::ConsignmentRef};

use crate::{answer::Answer, context::Context, sending::send};

/// End an offer whose deadline has passed.
///
/// The goods can move again then. Anyone may do it.
#[derive(Args)]
pub struct Expire {
    /// The consignment: its address, GTIN/LOT[#UNIT], or its SSCC
    consignment: ConsignmentRef,
}

impl Expire {
    pub async fn run(self, context: &Context) -> Result<Answer> {
        let consignment = self.consignment.resolve(&context.ledger).await?;
        let plan = expire(&context.actor()?, &consignment).await?;
        send(context, plan).await?;
        Ok(Answer::Yes)
    }
}
