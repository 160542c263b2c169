//! `pedigree merge`

use anyhow::Result;
use clap::Args;
use pedigree_client::{planning::packing::merge, reference::ConsignmentRef};

use crate::{answer::Answer, context::Context, sending::send};

/// Merge the consignment of the next units into a consignment.
///
/// Signed by the custodian of both, in good standing; they must have one owner, one supplier and the same
/// restrictions, and where the owner is another site, no single units may be gone. The second one's account is
/// closed.
#[derive(Args)]
pub struct Merge {
    /// The consignment that stays: its address, GTIN/LOT[#UNIT], or its SSCC
    consignment: ConsignmentRef,
    /// The consignment that is merged into it, in the same forms [default: the one of the next units]
    neighbour: Option<ConsignmentRef>,
}

impl Merge {
    pub async fn run(self, context: &Context) -> Result<Answer> {
        let ledger = &context.ledger;
        let consignment = self.consignment.resolve(ledger).await?;
        let neighbour = match self.neighbour {
            Some(neighbour) => Some(neighbour.resolve(ledger).await?),
            None => None,
        };
        let plan = merge(&context.actor()?, &consignment, neighbour).await?;
        send(context, plan).await?;
        Ok(Answer::Yes)
    }
}
