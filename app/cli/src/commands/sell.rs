//! `pedigree sell`

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use pedigree_client::{
    identifier::Gln,
    instruction::custody::{Goods, transfer_title},
    site::Site,
};
use solana_signer::Signer;

use crate::{
    Answer,
    arguments::{ConsignmentRef, Document},
    context::{Context, load_keypair},
    sending::Job,
};

/// Sell goods that stay where they are, signed by both sides.
///
/// At a 3PL's for instance. The acting keypair is the seller's, who owns them.
#[derive(Args)]
pub struct Sell {
    /// Its address, GTIN/LOT[#UNIT], or the SSCC that it is packed in
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
        let (address, consignment) = self.consignment.get(&context.ledger).await?;
        let instruction = transfer_title(
            context.acting_for(consignment.owner).await?,
            Site::acting(&context.ledger, self.to, to_keypair.pubkey()).await?,
            Goods {
                consignment: address,
                lot: consignment.lot,
            },
            consignment.sequence,
            self.document.hash(),
        );
        let purpose = format!(
            "sell {} units to {}; they stay with {}",
            consignment.quantity,
            self.to,
            Gln::from_account(consignment.custodian)
        );
        Job::new(purpose, instruction)
            .signed_by(&to_keypair)
            .run(context)
            .await?;
        Ok(Answer::Yes)
    }
}
