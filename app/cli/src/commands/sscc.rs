//! `pedigree sscc`

use anyhow::Result;
use clap::Args;
use pedigree_client::{identifier, stock::in_package};

use super::inventory::StockReport;
use crate::{answer::Answer, context::Context};

/// Show what is in a case or on a pallet, and who has it.
///
/// Exit code 1 if nothing is.
#[derive(Args)]
pub struct Sscc {
    /// SSCC-18 on the package's label
    sscc: identifier::Sscc,
}

impl Sscc {
    pub async fn run(self, context: &Context) -> Result<Answer> {
        let items = in_package(&context.ledger, self.sscc).await?;
        context.print(&StockReport::new(&context.ledger, &items).await?);
        Ok(if items.is_empty() {
            Answer::No
        } else {
            Answer::Yes
        })
    }
}
