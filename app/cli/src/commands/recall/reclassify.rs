//! `pedigree recall reclassify`

use anyhow::Result;
use clap::Args;
use pedigree_client::{identifier::Gln, instruction::recall as instruction};

use super::{RecallRef, terms::GravityArguments};
use crate::{Answer, arguments::Document, context::Context};

/// Change how grave a recall is: for a regulator, and for the manufacturer if it gets graver.
#[derive(Args)]
pub struct Reclassify {
    recall: RecallRef,
    #[command(flatten)]
    gravity: GravityArguments,
    /// GLN of the acting site [default: the acting keypair's]
    #[arg(long)]
    site: Option<Gln>,
    #[command(flatten)]
    document: Document,
}

impl Reclassify {
    pub async fn run(self, context: &Context) -> Result<Answer> {
        let (address, _) = self.recall.get(&context.ledger).await?;
        let site = context
            .acting_for(context.own_site(self.site).await?)
            .await?;
        let document = self.document.hash();
        let gravity = self.gravity.gravity();
        let instruction = instruction::reclassify(site, address, gravity, document);
        let purpose = format!(
            "make the recall class {}, to the {} level",
            self.gravity.class, self.gravity.depth
        );
        context.execute(&purpose, instruction).await?;
        Ok(Answer::Yes)
    }
}
