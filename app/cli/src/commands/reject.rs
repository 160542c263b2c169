//! `pedigree reject`

use anyhow::Result;
use clap::Args;
use pedigree_client::{
    custody::ExceptionCode, planning::offers::reject, reference::ConsignmentRef,
};

use crate::{answer::Answer, arguments::exceptions, context::Context, sending::send};

/// Refuse a consignment on offer, with a reason.
///
/// Signed by the receiving site.
#[derive(Args)]
pub struct Reject {
    /// The consignment: its address, GTIN/LOT[#UNIT], or its SSCC
    consignment: ConsignmentRef,
    /// What is wrong
    #[arg(long, value_parser = exceptions())]
    reason: ExceptionCode,
}

impl Reject {
    pub async fn run(self, context: &Context) -> Result<Answer> {
        let consignment = self.consignment.resolve(&context.ledger).await?;
        let plan = reject(&context.actor()?, &consignment, self.reason).await?;
        send(context, plan).await?;
        Ok(Answer::Yes)
    }
}
