//! `pedigree handoff`

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use pedigree_client::{
    identifier::Gln,
    planning::handoffs::{Handoff as Terms, hand_over},
    reference::ConsignmentRef,
};
use solana_signer::Signer;

use crate::{
    answer::Answer,
    arguments::TransferTerms,
    context::{Context, load_keypair},
    sending::send_with,
};

/// Hand consignments over at once, signed by both sites.
///
/// Several are handed over in as few transactions as they fit in, each of which hands over all of its
/// consignments or none. An SSCC stands for everything in the package. The acting keypair is the
/// sender's.
#[derive(Args)]
pub struct Handoff {
    /// Each one's address, GTIN/LOT[#UNIT], or the SSCC of a package
    #[arg(required = true, value_name = "CONSIGNMENT")]
    consignments: Vec<ConsignmentRef>,
    /// GLN of the receiving site
    #[arg(long)]
    to: Gln,
    /// Keypair file of the receiving site, or of its operator
    #[arg(long, value_name = "FILE")]
    to_keypair: PathBuf,
    #[command(flatten)]
    terms: TransferTerms,
}

impl Handoff {
    pub async fn run(self, context: &Context) -> Result<Answer> {
        let to_keypair = load_keypair(&self.to_keypair)?;
        let mut consignments = Vec::new();
        for consignment in self.consignments {
            consignments.extend(consignment.resolve_all(&context.ledger).await?);
        }
        let terms = Terms {
            to: self.to,
            to_key: to_keypair.pubkey(),
            kind: self.terms.kind.into(),
            document_hash: self.terms.document.hash(),
        };
        let plan = hand_over(&context.actor()?, &consignments, &terms).await?;
        send_with(context, plan, &[&to_keypair]).await?;
        Ok(Answer::Yes)
    }
}
