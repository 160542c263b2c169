//! `pedigree release`

use anyhow::Result;
use clap::Args;
use pedigree_client::{
    identifier::Gln,
    planning::quarantine::{release, release_lot},
};

use crate::{answer::Answer, arguments::Subject, context::Context, sending::send};

/// End a quarantine.
///
/// A consignment is released by its custodian, a whole lot by the site that quarantined it or a
/// regulator.
#[derive(Args)]
pub struct Release {
    #[command(flatten)]
    subject: Subject,
    /// GLN of the site that releases a lot [default: the acting keypair's]
    #[arg(long, requires = "lot")]
    site: Option<Gln>,
}

impl Release {
    pub async fn run(self, context: &Context) -> Result<Answer> {
        let actor = context.actor()?;
        let plan = match self.subject.lot {
            Some(lot) => release_lot(&actor, lot, self.site).await?,
            None => release(&actor, &self.subject.consignment(&context.ledger).await?).await?,
        };
        send(context, plan).await?;
        Ok(Answer::Yes)
    }
}
