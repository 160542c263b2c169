//! `pedigree recall narrow`

use anyhow::Result;
use clap::Args;
use pedigree_client::{
    identifier::Gln, planning::recalls::narrow, reference::RecallRef, units::UnitRange,
};

use crate::{answer::Answer, arguments::Document, context::Context, sending::send};

/// Release units from a recall: for a regulator alone.
#[derive(Args)]
pub struct Narrow {
    recall: RecallRef,
    /// The units that stay recalled: FIRST-LAST
    #[arg(long, value_name = "RANGE", required_unless_present = "none")]
    units: Option<UnitRange>,
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
        let (actor, recall) = (
            context.actor()?,
            self.recall.resolve(&context.ledger).await?,
        );
        let document_hash = self.document.hash();
        let plan = narrow(&actor, &recall, self.units, self.site, document_hash).await?;
        send(context, plan).await?;
        Ok(Answer::Yes)
    }
}
