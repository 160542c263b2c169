//! `pedigree unpack`

use anyhow::Result;
use clap::Args;
use pedigree_client::{planning::packing::unpack, reference::ConsignmentRef};

use crate::{answer::Answer, context::Context, sending::send};

/// Take a consignment out of its package.
///
/// Signed by its custodian.
#[derive(Args)]
pub struct Unpack {
    /// The consignment: its address, GTIN/LOT[#UNIT], or its SSCC
    consignment: ConsignmentRef,
}

impl Unpack {
    pub async fn run(self, context: &Context) -> Result<Answer> {
        let consignment = self.consignment.resolve(&context.ledger).await?;
        let plan = unpack(&context.actor()?, &consignment).await?;
        send(context, plan).await?;
        Ok(Answer::Yes)
    }
}
