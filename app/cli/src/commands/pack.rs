//! `pedigree pack`

use anyhow::Result;
use clap::Args;
use pedigree_client::{identifier::Sscc, instruction::custody::pack};

use crate::{Answer, arguments::ConsignmentRef, context::Context};

/// Name the case or pallet that a consignment is in.
///
/// Signed by its custodian.
#[derive(Args)]
pub struct Pack {
    /// Its address, GTIN/LOT[#UNIT], or the SSCC that it was packed in
    consignment: ConsignmentRef,
    /// SSCC-18 on the package's label
    sscc: Sscc,
}

impl Pack {
    pub async fn run(self, context: &Context) -> Result<Answer> {
        let (address, consignment) = self.consignment.get(&context.ledger).await?;
        let custodian = context.acting_for(consignment.custodian).await?;
        let purpose = format!("pack {} units in {}", consignment.quantity, self.sscc);
        context
            .execute(&purpose, pack(custodian, address, self.sscc))
            .await?;
        Ok(Answer::Yes)
    }
}
