//! `pedigree quarantine`

use anyhow::Result;
use clap::Args;
use pedigree_client::{
    identifier::Gln,
    planning::quarantine::{quarantine, quarantine_lot},
};

use crate::{
    answer::Answer,
    arguments::{Document, Subject},
    context::Context,
    sending::send,
};

/// Keep a consignment or a lot from going down the chain.
///
/// A consignment is set aside by its custodian, a whole lot by its manufacturer or a regulator. The site is
/// in good standing: active, with a licence in force. The goods may still go back, to disposal and to a
/// laboratory.
#[derive(Args)]
pub struct Quarantine {
    #[command(flatten)]
    subject: Subject,
    /// GLN of the site that quarantines a lot [default: the acting keypair's]
    #[arg(long, requires = "lot")]
    site: Option<Gln>,
    #[command(flatten)]
    document: Document,
}

impl Quarantine {
    pub async fn run(self, context: &Context) -> Result<Answer> {
        let actor = context.actor()?;
        let plan = match self.subject.lot {
            Some(lot) => quarantine_lot(&actor, lot, self.site).await?,
            None => {
                let consignment = self.subject.consignment(&context.ledger).await?;
                quarantine(&actor, &consignment, self.document.hash()).await?
            }
        };
        send(context, plan).await?;
        Ok(Answer::Yes)
    }
}
