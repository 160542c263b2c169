//! `pedigree recall narrow`

use anyhow::Result;
use clap::Args;
use pedigree_client::{
    identifier::Gln,
    instruction::recall::{self as instruction, Recalled},
};

use super::{RecallRef, Run};
use crate::{Answer, arguments::Document, context::Context};

/// Release units from a recall: for a regulator alone.
#[derive(Args)]
pub struct Narrow {
    recall: RecallRef,
    /// The units that stay recalled: FIRST-LAST
    #[arg(long, value_name = "RUN", required_unless_present = "none")]
    units: Option<Run>,
    /// Release all of them
    #[arg(long, conflicts_with = "units")]
    none: bool,
    /// GLN of the acting site [default: the acting keypair's]
    #[arg(long)]
    site: Option<Gln>,
    #[command(flatten)]
    document: Document,
}

impl Narrow {
    pub async fn run(self, context: &Context) -> Result<Answer> {
        let (address, recall) = self.recall.get(&context.ledger).await?;
        let site = context
            .acting_for(context.own_site(self.site).await?)
            .await?;
        let left = self.units.unwrap_or(Run {
            first: recall.first,
            quantity: 0,
        });
        let recalled = Recalled {
            recall: address,
            lot: recall.lot,
        };
        let Run { first, quantity } = left;
        let document = self.document.hash();
        let instruction = instruction::narrow(site, recalled, first, quantity, document);
        let purpose = format!("narrow the recall to {left}");
        context.execute(&purpose, instruction).await?;
        Ok(Answer::Yes)
    }
}
