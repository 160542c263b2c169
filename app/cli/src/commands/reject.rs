//! `pedigree reject`

use anyhow::Result;
use clap::Args;
use pedigree_client::{custody::ExceptionCode, instruction::custody::reject};

use crate::{
    Answer,
    arguments::{ConsignmentRef, exceptions},
    context::Context,
};

/// Refuse a consignment on offer, saying why.
///
/// Signed by the receiving site.
#[derive(Args)]
pub struct Reject {
    /// Its address, GTIN/LOT[#UNIT], or the SSCC that it is packed in
    consignment: ConsignmentRef,
    /// What is wrong
    #[arg(long, value_parser = exceptions())]
    reason: ExceptionCode,
}

impl Reject {
    pub async fn run(self, context: &Context) -> Result<Answer> {
        let (address, consignment) = self.consignment.get(&context.ledger).await?;
        let transfer = context.ledger.open_transfer(&address, &consignment).await?;
        let to = context.acting_for(transfer.to).await?;
        let instruction = reject(to, address, transfer.sequence, self.reason);
        let purpose = format!("refuse {} units ({})", consignment.quantity, self.reason);
        context.execute(&purpose, instruction).await?;
        Ok(Answer::Yes)
    }
}
