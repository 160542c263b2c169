//! `pedigree decommission`

use anyhow::Result;
use clap::Args;
use pedigree_client::{
    custody::Disposition,
    identifier::Gln,
    planning::single_units::{decommission, undo_decommission},
    reference::ConsignmentRef,
};

use crate::{
    answer::Answer,
    arguments::Document,
    context::Context,
    cosigner::load_witness,
    packs::Packs,
    sending::{send, send_with},
    signing_key::KeySource,
};

/// Take single packs out of the chain, or take that back.
///
/// Signed by the custodian. A destruction needs a witness. Packs that another site owns are destroyed, sampled,
/// declared illegitimate or damaged, or reported stolen only before a witness of the owner or a regulator: what the
/// custodian finds alone it marks as suspect, or quarantines; what it misses it splits off and withdraws as a
/// consignment. Recalled packs are split off before they are destroyed. Packs that a case holds are sampled or
/// reported stolen only before a witness of the site that opened the case, or of a regulator; condemned ones are
/// sampled only before a regulator's. Whole consignments are withdrawn with `withdraw` and `destroy`.
#[derive(Args)]
pub struct Decommission {
    /// The consignment that holds the packs: its address, GTIN/LOT[#UNIT], or its SSCC
    consignment: ConsignmentRef,
    #[command(flatten)]
    packs: Packs,
    /// What became of them
    #[arg(long = "as", value_enum, required_unless_present = "undo")]
    fate: Option<Fate>,
    /// Take back that they were sampled or exported: within ten days, by the site that did it
    #[arg(long, conflicts_with_all = ["fate", "witness_keypair", "digest"])]
    undo: bool,
    /// Keypair of the witness, or the address of one that signs later
    #[arg(long, value_name = "KEYPAIR", required_if_eq("fate", "destroyed"))]
    witness_keypair: Option<KeySource>,
    /// GLN of the site that the witness belongs to [default: found by the witness's key]
    #[arg(long, value_name = "GLN", requires = "witness_keypair")]
    witness_site: Option<Gln>,
    #[command(flatten)]
    document: Document,
}

/// How single units leave the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Fate {
    /// Destroyed before a witness.
    Destroyed,
    /// Stolen or lost.
    Stolen,
    /// Taken as samples.
    Sampled,
    /// Sent out of the territory that the registry covers, by their owner.
    Exported,
    /// Damaged: to be destroyed, and never sold again. The custodian has them still.
    Damaged,
    /// Suspect product, until it is cleared. The custodian has it still.
    Suspect,
    /// Found illegitimate. The custodian has it still.
    Illegitimate,
}

impl From<Fate> for Disposition {
    fn from(fate: Fate) -> Self {
        match fate {
            Fate::Destroyed => Self::Destroyed,
            Fate::Stolen => Self::Stolen,
            Fate::Sampled => Self::Sampled,
            Fate::Exported => Self::Exported,
            Fate::Damaged => Self::Damaged,
            Fate::Suspect => Self::Suspect,
            Fate::Illegitimate => Self::Illegitimate,
        }
    }
}

impl Decommission {
    pub async fn run(self, context: &Context) -> Result<Answer> {
        let consignment = self.consignment.resolve(&context.ledger).await?;
        let units = self.packs.units(&consignment.lot)?;
        let (actor, document_hash) = (context.actor()?, self.document.hash());
        let units = units.as_slice();
        let Some(fate) = self.fate else {
            send(
                context,
                undo_decommission(&actor, &consignment, units).await?,
            )
            .await?;
            return Ok(Answer::Yes);
        };
        let disposition = Disposition::from(fate);
        let plan = |witness| {
            decommission(
                &actor,
                &consignment,
                units,
                disposition,
                witness,
                document_hash,
            )
        };
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
