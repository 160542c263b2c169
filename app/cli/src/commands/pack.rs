//! `pedigree pack`

use anyhow::Result;
use clap::Args;
use pedigree_client::{identifier::Sscc, planning::packing::pack, reference::ConsignmentRef};

use crate::{answer::Answer, context::Context, sending::send};

/// Record the case or pallet that a consignment is packed in.
///
/// Signed by its custodian.
#[derive(Args)]
pub struct Pack {
    /// The consignment: its address, GTIN/LOT[#UNIT], or the SSCC that it was packed in before
    consignment: ConsignmentRef,
    /// SSCC-18 on the package's label
    sscc: Sscc,
}

impl Pack {
    pub async fn run(self, context: &Context) -> Result<Answer> {
        let consignment = self.consignment.resolve(&context.ledger).await?;
        let plan = pack(&context.actor()?, &consignment, self.sscc).await?;
        send(context, plan).await?;
        Ok(Answer::Yes)
    }
}
