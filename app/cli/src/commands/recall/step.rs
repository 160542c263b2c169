//! `pedigree recall complete` and `pedigree recall terminate`

use anyhow::Result;
use clap::Args;
use pedigree_client::{identifier::Gln, site::Site};
use solana_instruction::Instruction;
use solana_pubkey::Pubkey;

use super::RecallRef;
use crate::{Answer, arguments::Document, context::Context};

/// A step on a recall that needs nothing but the paper behind it.
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
    pub async fn run(
        self,
        context: &Context,
        verb: &str,
        step: fn(Site, Pubkey, [u8; 32]) -> Instruction,
    ) -> Result<Answer> {
        let (address, _) = self.recall.get(&context.ledger).await?;
        let site = context
            .acting_for(context.own_site(self.site).await?)
            .await?;
        let instruction = step(site, address, self.document.hash());
        context
            .execute(&format!("{verb} the recall {address}"), instruction)
            .await?;
        Ok(Answer::Yes)
    }
}
