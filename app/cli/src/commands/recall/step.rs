//! `pedigree recall complete`, `pedigree recall terminate` and `pedigree recall reopen`

use anyhow::Result;
use clap::Args;
use pedigree_client::{
    identifier::Gln,
    planning::recalls::{complete, reopen, terminate},
    reference::RecallRef,
};

use crate::{answer::Answer, arguments::Document, context::Context, sending::send};

/// A step on a recall that needs nothing but the document behind it.
#[derive(Args)]
pub struct Step {
    recall: RecallRef,
    /// GLN of the acting site [default: the acting keypair's]
    #[arg(long)]
    site: Option<Gln>,
    #[command(flatten)]
    document: Document,
}

impl Step {
    pub async fn complete(self, context: &Context) -> Result<Answer> {
        let (actor, recall) = (
            context.actor()?,
            self.recall.resolve(&context.ledger).await?,
        );
        let plan = complete(&actor, &recall, self.site, self.document.hash()).await?;
        send(context, plan).await?;
        Ok(Answer::Yes)
    }

    pub async fn reopen(self, context: &Context) -> Result<Answer> {
        let (actor, recall) = (
            context.actor()?,
            self.recall.resolve(&context.ledger).await?,
        );
        let plan = reopen(&actor, &recall, self.site, self.document.hash()).await?;
        send(context, plan).await?;
        Ok(Answer::Yes)
    }

    pub async fn terminate(self, context: &Context) -> Result<Answer> {
        let (actor, recall) = (
            context.actor()?,
            self.recall.resolve(&context.ledger).await?,
        );
        let plan = terminate(&actor, &recall, self.site, self.document.hash()).await?;
        send(context, plan).await?;
        Ok(Answer::Yes)
    }
}
