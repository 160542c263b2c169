//! `pedigree clear`

use anyhow::Result;
use clap::Args;
use pedigree_client::{
    identifier::Gln, planning::single_units::restore_units, reference::ConsignmentRef,
};

use crate::{answer::Answer, arguments::Document, context::Context, packs::Packs, sending::send};

/// Make single packs active again that were cleared.
///
/// The custodian clears suspect packs that no case holds; a regulator also illegitimate ones, and such as
/// were reported stolen and were not.
#[derive(Args)]
pub struct Clear {
    /// The consignment that holds the packs: its address, GTIN/LOT[#UNIT], or its SSCC
    consignment: ConsignmentRef,
    #[command(flatten)]
    packs: Packs,
    /// GLN of the site that clears them [default: the custodian, if the acting keypair is its; else the
    /// acting keypair's]
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
