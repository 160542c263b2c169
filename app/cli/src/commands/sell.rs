//! `pedigree sell`

use anyhow::Result;
use clap::Args;
use pedigree_client::{identifier::Gln, planning::handoffs::sell, reference::ConsignmentRef};

use crate::{
    answer::Answer, arguments::Document, context::Context, cosigner::key_of_site,
    sending::send_with, signing_key::KeySource,
};

/// Sell goods that stay where they are, signed by both sites.
///
/// For goods that a 3PL holds, for instance. The acting keypair is the seller's, who owns them.
#[derive(Args)]
pub struct Sell {
    /// The consignment: its address, GTIN/LOT[#UNIT], or its SSCC
    consignment: ConsignmentRef,
    /// GLN of the buying site
    #[arg(long)]
    to: Gln,
    /// Keypair of the buying site, or of its operator; or the address of one that signs later [default: the
    /// address of the site's own]
    #[arg(long, value_name = "KEYPAIR")]
    to_keypair: Option<KeySource>,
    #[command(flatten)]
    document: Document,
}

impl Sell {
    pub async fn run(self, context: &Context) -> Result<Answer> {
        let to_key = key_of_site(context, self.to, self.to_keypair.as_ref()).await?;
        let consignment = self.consignment.resolve(&context.ledger).await?;
        let (buyer_key, document_hash) = (to_key.address(), self.document.hash());
        let actor = context.actor()?;
        let plan = sell(&actor, &consignment, self.to, buyer_key, document_hash).await?;
        send_with(context, plan, &[&to_key]).await?;
        Ok(Answer::Yes)
    }
}
