//! `pedigree cancel`

use anyhow::Result;
use clap::Args;
use pedigree_client::instruction::custody::cancel;

use crate::{Answer, arguments::ConsignmentRef, context::Context};

/// Take an offer back.
///
/// Signed by the offering site.
#[derive(Args)]
pub struct Cancel {
    /// Its address, GTIN/LOT[#UNIT], or the SSCC that it is packed in
    consignment: ConsignmentRef,
}

impl Cancel {
    pub async fn run(self, context: &Context) -> Result<Answer> {
        let (address, consignment) = self.consignment.get(&context.ledger).await?;
        let transfer = context.ledger.open_transfer(&address, &consignment).await?;
        let from = context.acting_for(transfer.from).await?;
        let instruction = cancel(from, address, transfer.sequence);
        let purpose = format!("take the offer of {} units back", consignment.quantity);
        context.execute(&purpose, instruction).await?;
        Ok(Answer::Yes)
    }
}
