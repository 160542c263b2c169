//! `pedigree recall respond`

use anyhow::Result;
use chrono::Utc;
use clap::Args;
use pedigree_client::{
    identifier::Gln,
    planning::recalls::{RecallAnswer, respond},
    reference::RecallRef,
};

use crate::{answer::Answer, context::Context, sending::send};

/// Answer a recall for a site.
///
/// Counts that are not given are as the ledger shows them, or as they were answered before. What was
/// dispensed, returned and destroyed never falls, nor does their sum with what is there.
#[derive(Args)]
pub struct Respond {
    recall: RecallRef,
    /// Units on the shelf, not set aside
    #[arg(long, value_name = "N")]
    held: Option<u32>,
    /// Units set aside
    #[arg(long, value_name = "N")]
    quarantined: Option<u32>,
    /// Units dispensed to patients
    #[arg(long, value_name = "N")]
    dispensed: Option<u32>,
    /// Units sent back
    #[arg(long, value_name = "N")]
    returned: Option<u32>,
    /// Units destroyed
    #[arg(long, value_name = "N")]
    destroyed: Option<u32>,
    /// GLN of the site that answers [default: the acting keypair's]
    #[arg(long)]
    site: Option<Gln>,
}

impl Respond {
    pub async fn run(self, context: &Context) -> Result<Answer> {
        let (actor, recall) = (
            context.actor()?,
            self.recall.resolve(&context.ledger).await?,
        );
        let answer = RecallAnswer {
            held: self.held,
            quarantined: self.quarantined,
            dispensed: self.dispensed,
            returned: self.returned,
            destroyed: self.destroyed,
        };
        let now = Utc::now().timestamp();
        let plan = respond(&actor, &recall, &answer, self.site, now).await?;
        send(context, plan).await?;
        Ok(Answer::Yes)
    }
}
