//! `pedigree release`

use anyhow::Result;
use clap::Args;
use pedigree_client::{
    custody::Restrictions,
    identifier::Gln,
    planning::quarantine::{release, release_lot},
};

use crate::{
    answer::Answer,
    arguments::{Document, Subject},
    context::Context,
    sending::send,
};

/// End a quarantine, or lift another restriction.
///
/// The custodian ends the quarantine of a consignment that it holds; a regulator lifts any restriction of one
/// that is held or on offer. A whole lot is released by the site that quarantined it or a regulator, a
/// condemned lot by a regulator.
#[derive(Args)]
pub struct Release {
    #[command(flatten)]
    subject: Subject,
    /// What to lift from a consignment; it must have all of it
    #[arg(
        long,
        value_enum,
        value_delimiter = ',',
        default_value = "quarantined",
        conflicts_with = "lot"
    )]
    restrictions: Vec<Restriction>,
    /// GLN of the site that releases [default: of a quarantine the custodian's, if the acting keypair may act
    /// for it; else the acting keypair's]
    #[arg(long)]
    site: Option<Gln>,
    #[command(flatten)]
    document: Document,
}

/// What keeps a consignment from going down the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Restriction {
    /// Its custodian set it aside.
    Quarantined,
    /// It came back and is not verified yet.
    Returned,
    /// It goes to disposal or to a laboratory only.
    Condemned,
}

impl From<Restriction> for Restrictions {
    fn from(restriction: Restriction) -> Self {
        match restriction {
            Restriction::Quarantined => Self::QUARANTINED,
            Restriction::Returned => Self::RETURNED,
            Restriction::Condemned => Self::CONDEMNED,
        }
    }
}

impl Release {
    pub async fn run(self, context: &Context) -> Result<Answer> {
        let actor = context.actor()?;
        let plan = match self.subject.lot {
            Some(lot) => release_lot(&actor, lot, self.site).await?,
            None => {
                let consignment = self.subject.consignment(&context.ledger).await?;
                let restrictions = self.restrictions.into_iter().map(Restrictions::from);
                let (restrictions, document_hash) = (restrictions.collect(), self.document.hash());
                release(&actor, &consignment, restrictions, self.site, document_hash).await?
            }
        };
        send(context, plan).await?;
        Ok(Answer::Yes)
    }
}
