//! `pedigree withdraw`

use anyhow::Result;
use clap::Args;
use pedigree_client::{
    identifier::Gln,
    planning::withdrawal::{Withdrawal, undo_withdrawal, withdraw},
    reference::ConsignmentRef,
};

use crate::{
    answer::Answer,
    arguments::Document,
    context::Context,
    cosigner::load_witness,
    sending::{send, send_with},
    signing_key::KeySource,
};

/// Record a whole consignment as sampled, stolen or exported, or take that back.
///
/// Signed by the custodian, which reports a theft whatever became of its licence. A second person signs where
/// another site owns what is sampled, for the owner or a regulator; where a case holds what is sampled or
/// stolen, for the site that opened the case or a regulator; and where condemned goods are sampled, for a
/// regulator. Only its owner exports. A destruction always needs
/// a witness: see `destroy`.
#[derive(Args)]
pub struct Withdraw {
    /// The consignment: its address, GTIN/LOT[#UNIT], or its SSCC
    consignment: ConsignmentRef,
    /// What became of its units
    #[arg(long = "as", value_enum, required_unless_present = "undo")]
    outcome: Option<Outcome>,
    /// Take back that they were sampled or exported: within ten days, by the site that did it
    #[arg(long, conflicts_with_all = ["outcome", "witness_keypair", "digest"])]
    undo: bool,
    /// Keypair of the second person, or the address of one that signs later
    #[arg(long, value_name = "KEYPAIR")]
    witness_keypair: Option<KeySource>,
    /// GLN of the site that the second person belongs to [default: found by the key]
    #[arg(long, value_name = "GLN", requires = "witness_keypair")]
    witness_site: Option<Gln>,
    #[command(flatten)]
    document: Document,
}

/// How units leave the chain without being destroyed.
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
        let Some(outcome) = self.outcome.map(Withdrawal::from) else {
            send(context, undo_withdrawal(&actor, &consignment).await?).await?;
            return Ok(Answer::Yes);
        };
        let plan = |witness| withdraw(&actor, &consignment, outcome, witness, document_hash);
        match &self.witness_keypair {
            None => send(context, plan(None).await?).await?,
            Some(source) => {
                let (witness, key) = load_witness(source, self.witness_site)?;
                send_with(context, plan(Some(&witness)).await?, &[&key]).await?;
            }
        }
        Ok(Answer::Yes)
    }
}
