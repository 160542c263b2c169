//! `pedigree withdraw`

use anyhow::Result;
use clap::Args;
use pedigree_client::{
    planning::withdrawal::{Withdrawal, withdraw},
    reference::ConsignmentRef,
};

use crate::{answer::Answer, arguments::Document, context::Context, sending::send};

/// Record units as sampled, stolen or exported.
///
/// They leave the chain for good; signed by the custodian. Destruction needs a witness: see
/// `destroy`.
#[derive(Args)]
pub struct Withdraw {
    /// The consignment: its address, GTIN/LOT[#UNIT], or its SSCC
    consignment: ConsignmentRef,
    /// What became of the units
    #[arg(long = "as", value_enum)]
    outcome: Outcome,
    #[command(flatten)]
    document: Document,
}

/// How units leave the chain without a witness.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Outcome {
    /// Taken as samples.
    Sampled,
    /// Stolen or lost.
    Stolen,
    /// Sent out of the territory that the registry covers, by their owner.
    Exported,
}

impl From<Outcome> for Withdrawal {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Sampled => Self::Sampled,
            Outcome::Stolen => Self::Stolen,
            Outcome::Exported => Self::Exported,
        }
    }
}

impl Withdraw {
    pub async fn run(self, context: &Context) -> Result<Answer> {
        let consignment = self.consignment.resolve(&context.ledger).await?;
        let (actor, document_hash) = (context.actor()?, self.document.hash());
        let plan = withdraw(&actor, &consignment, self.outcome.into(), document_hash).await?;
        send(context, plan).await?;
        Ok(Answer::Yes)
    }
}
