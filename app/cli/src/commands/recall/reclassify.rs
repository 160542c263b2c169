//! `pedigree recall reclassify`

use anyhow::Result;
use clap::Args;
use pedigree_client::{identifier::Gln, planning::recalls::reclassify, reference::RecallRef};

use super::terms::StrategyArguments;
use crate::{answer::Answer, arguments::Document, context::Context, sending::send};

/// Change a recall's class, depth and checks: for a regulator; and for the manufacturer, or the site that
/// holds the product now, if they become stricter.
#[derive(Args)]
pub struct Reclassify {
    recall: RecallRef,
    #[command(flatten)]
    strategy: StrategyArguments,
    /// GLN of the acting site [default: the acting keypair's]
    #[arg(long)]
    site: Option<Gln>,
    #[command(flatten)]
    document: Document,
}

impl Reclassify {
    pub async fn run(self, context: &Context) -> Result<Answer> {
        let (actor, recall) = (
            context.actor()?,
            self.recall.resolve(&context.ledger).await?,
        );
        let (strategy, document_hash) = (self.strategy.strategy(), self.document.hash());
        let plan = reclassify(&actor, &recall, strategy, self.site, document_hash).await?;
        send(context, plan).await?;
        Ok(Answer::Yes)
    }
}
