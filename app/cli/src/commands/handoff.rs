//! `pedigree handoff`

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use pedigree_client::{
    address,
    custody::TransferKind,
    identifier::Gln,
    instruction::custody::{Goods, Sides, handoff},
};
use solana_signer::Signer;

use crate::{
    Answer,
    arguments::{ConsignmentRef, TransferTerms},
    context::{Context, load_keypair},
};

/// Hands a consignment over in one transaction that both sites sign. The acting keypair is the
/// sender's.
#[derive(Args)]
pub struct Handoff {
    /// Address of the consignment, or GTIN/LOT for a lot's first one
    consignment: ConsignmentRef,
    /// GLN of the receiving site
    #[arg(long)]
    to: Gln,
    /// Keypair file of the receiving site
    #[arg(long, value_name = "FILE")]
    to_keypair: PathBuf,
    #[command(flatten)]
    terms: TransferTerms,
}

impl Handoff {
    pub async fn run(self, context: &Context) -> Result<Answer> {
        let to_keypair = load_keypair(&self.to_keypair)?;
        let (address, consignment) = self.consignment.get(&context.ledger).await?;
        let kind = TransferKind::from(self.terms.kind);
        let instruction = handoff(
            context.keypair()?.pubkey(),
            to_keypair.pubkey(),
            Sides {
                from: consignment.custodian,
                to: address::partner(self.to),
            },
            Goods {
                consignment: address,
                lot: consignment.lot,
            },
            kind,
            consignment.sequence,
            self.terms.document.0,
        );
        let purpose = format!(
            "hand {} units to {} ({kind})",
            consignment.quantity, self.to
        );
        context
            .execute_with(&purpose, instruction, &[&to_keypair])
            .await?;
        Ok(Answer::Yes)
    }
}
