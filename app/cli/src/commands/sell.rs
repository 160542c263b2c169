//! `pedigree sell`

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use pedigree_client::{identifier::Gln, planning::handoffs::sell, reference::ConsignmentRef};
use solana_signer::Signer;

use crate::{
    answer::Answer,
    arguments::Document,
    context::{Context, load_keypair},
    sending::send_with,
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
    /// Keypair file of the buying site, or of its operator
    #[arg(long, value_name = "FILE")]
    to_keypair: PathBuf,
    #[command(flatten)]
    document: Document,
}

impl Sell {
    pub async fn run(self, context: &Context) -> Result<Answer> {
        let to_keypair = load_keypair(&self.to_keypair)?;
        let consignment = self.consignment.resolve(&context.ledger).await?;
        let (buyer_key, document_hash) = (to_keypair.pubkey(), self.document.hash());
        let actor = context.actor()?;
        let plan = sell(&actor, &consignment, self.to, buyer_key, document_hash).await?;
        send_with(context, plan, &[&to_keypair]).await?;
        Ok(Answer::Yes)
    }
}
