//! `pedigree clear`

use anyhow::Result;
use clap::Args;
use pedigree_client::{
    identifier::Gln, planning::single_units::restore_units, reference::ConsignmentRef,
};

use crate::{answer::Answer, arguments::Document, context::Context, packs::Packs, sending::send};

/// Make single packs active again that were cleared.
///
/// The custodian clears suspect packs, unless a case holds them. A regulator clears suspect and illegitimate
/// packs, and packs that were reported stolen and were not. Damaged packs go to be destroyed.
#[derive(Args)]
pub struct Clear {
    /// The consignment that holds the packs: its address, GTIN/LOT[#UNIT], or its SSCC
    consignment: ConsignmentRef,
    #[command(flatten)]
    packs: Packs,
    /// GLN of the site that clears them [default: the custodian's, if the acting keypair may act for it; else
    /// the acting keypair's]
    #[arg(long)]
    site: Option<Gln>,
    #[command(flatten)]
    document: Document,
}

impl Clear {
    pub async fn run(self, context: &Context) -> Result<Answer> {
        let consignment = self.consignment.resolve(&context.ledger).await?;
        let units = self.packs.units(&consignment.lot)?;
        let (actor, document_hash) = (context.actor()?, self.document.hash());
        let units = units.as_slice();
        let plan = restore_units(&actor, &consignment, units, self.site, document_hash).await?;
        send(context, plan).await?;
        Ok(Answer::Yes)
    }
}
