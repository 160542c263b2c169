//! `pedigree recover`

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use pedigree_client::{
    identifier::Gln,
    planning::recovery::{Recovery, recover},
    reference::ConsignmentRef,
};
use solana_signer::Signer;

use crate::{
    answer::Answer,
    arguments::Document,
    context::{Context, load_keypair},
    sending::send_with,
};

/// Bring goods from a custodian that does not send them, or that were found after a theft.
///
/// Signed by a regulator, which is the acting keypair's, and by the receiver. Title stays.
#[derive(Args)]
pub struct Recover {
    /// The consignment: its address, GTIN/LOT[#UNIT], or its SSCC
    consignment: ConsignmentRef,
    /// GLN of the receiving site
    #[arg(long)]
    to: Gln,
    /// Keypair file of the receiving site, or of its operator
    #[arg(long, value_name = "FILE")]
    to_keypair: PathBuf,
    /// GLN of the regulator [default: the acting keypair's]
    #[arg(long)]
    site: Option<Gln>,
    #[command(flatten)]
    document: Document,
}

impl Recover {
    pub async fn run(self, context: &Context) -> Result<Answer> {
        let to_keypair = load_keypair(&self.to_keypair)?;
        let consignment = self.consignment.resolve(&context.ledger).await?;
        let recovery = Recovery {
            to: self.to,
            to_key: to_keypair.pubkey(),
            regulator: self.site,
            document_hash: self.document.hash(),
        };
        let plan = recover(&context.actor()?, &consignment, &recovery).await?;
        send_with(context, plan, &[&to_keypair]).await?;
        Ok(Answer::Yes)
    }
}
