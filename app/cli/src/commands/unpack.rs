//! `pedigree unpack`

use anyhow::Result;
use clap::Args;
use pedigree_client::instruction::custody::unpack;

use crate::{Answer, arguments::ConsignmentRef, context::Context};

/// Take a consignment out of its package.
///
/// Signed by its custodian.
#[derive(Args)]
pub struct Unpack {
    /// Its address, GTIN/LOT[#UNIT], or the SSCC that it is packed in
    consignment: ConsignmentRef,
}

impl Unpack {
    pub async fn run(self, context: &Context) -> Result<Answer> {
        let (address, consignment) = self.consignment.get(&context.ledger).await?;
        let custodian = context.acting_for(consignment.custodian).await?;
        let purpose = format!("take {} units out of their package", consignment.quantity);
        context
            .execute(&purpose, unpack(custodian, address))
            .await?;
        Ok(Answer::Yes)
    }
}
