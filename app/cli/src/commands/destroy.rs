//! `pedigree destroy`

use anyhow::Result;
use clap::Args;
use pedigree_client::{identifier::Gln, planning::withdrawal::destroy, reference::ConsignmentRef};

use crate::{
    answer::Answer, arguments::Document, context::Context, cosigner::load_witness,
    sending::send_with, signing_key::KeySource,
};

/// Record a destruction before a witness.
///
/// Signed by the custodian and by another person who watched: of another site, or an operator of the custodian
/// that may witness. For goods of another owner the witness is the owner's or a regulator's, unless the owner
/// sent them for disposal; for a custodian that may not trade, a regulator's. Nothing is destroyed while a case
/// is open on it.
#[derive(Args)]
pub struct Destroy {
    /// The consignment: its address, GTIN/LOT[#UNIT], or its SSCC
    consignment: ConsignmentRef,
    /// Keypair of the witness, or the address of one that signs later
    #[arg(long, value_name = "KEYPAIR")]
    witness_keypair: KeySource,
    /// GLN of the site that the witness belongs to [default: found by the witness's key]
    #[arg(long, value_name = "GLN")]
    witness_site: Option<Gln>,
    #[command(flatten)]
    document: Document,
}

impl Destroy {
    pub async fn run(self, context: &Context) -> Result<Answer> {
        let (witness, key) = load_witness(&self.witness_keypair, self.witness_site)?;
        let consignment = self.consignment.resolve(&context.ledger).await?;
        let (actor, document_hash) = (context.actor()?, self.document.hash());
        let plan = destroy(&actor, &consignment, &witness, document_hash).await?;
        send_with(context, plan, &[&key]).await?;
        Ok(Answer::Yes)
    }
}
