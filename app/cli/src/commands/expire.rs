//! `pedigree expire`

use anyhow::Result;
use clap::Args;
use pedigree_client::instruction::custody::expire;

use crate::{Answer, arguments::ConsignmentRef, context::Context};

/// End an offer whose deadline has passed.
///
/// The goods can move again then. Anyone may do it.
#[derive(Args)]
pub struct Expire {
    /// Its address, GTIN/LOT[#UNIT], or the SSCC that it is packed in
    consignment: ConsignmentRef,
}

impl Expire {
    pub async fn run(self, context: &Context) -> Result<Answer> {
        let (address, consignment) = self.consignment.get(&context.ledger).await?;
        let transfer = context.ledger.open_transfer(&address, &consignment).await?;
        let purpose = format!("end the offer of {} units", consignment.quantity);
        context
            .execute(&purpose, expire(address, transfer.sequence))
            .await?;
        Ok(Answer::Yes)
    }
}
