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

/// Have goods brought that their custodian does not send, or that were found after a theft.
///
/// Signed by a regulator, whose keypair acts, and by the receiver; an owner alone cannot. Title stays, and so do
/// cases, recalls and restrictions. The goods count as returned, and stolen ones as condemned. An open offer of
/// them ends.
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
