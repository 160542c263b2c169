//! `pedigree cancel`

use anyhow::Result;
use clap::Args;
use pedigree_client::{planning::offers::cancel, reference::ConsignmentRef};

use crate::{answer::Answer, context::Context, sending::send};

/// Cancel an offer.
///
/// Signed by the offering site.
#[derive(Args)]
pub struct Cancel {
    /// The consignment: its address, GTIN/LOT[#UNIT], or its SSCC
    consignment: ConsignmentRef,
}

impl Cancel {
    pub async fn run(self, context: &Context) -> Result<Answer> {
        let consignment = self.consignment.resolve(&context.ledger).await?;
        let plan = cancel(&context.actor()?, &consignment).await?;
        send(context, plan).await?;
        Ok(Answer::Yes)
    }
}
