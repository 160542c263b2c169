//! `pedigree receive`

use anyhow::Result;
use clap::Args;
use pedigree_client::instruction::custody::{Goods, Sides, accept};
use solana_signer::Signer;

use crate::{Answer, arguments::ConsignmentRef, context::Context};

/// Takes a consignment on offer into custody; signed by the receiving site.
#[derive(Args)]
pub struct Receive {
    /// Address of the consignment, or GTIN/LOT for a lot's first one
    consignment: ConsignmentRef,
}

impl Receive {
    pub async fn run(self, context: &Context) -> Result<Answer> {
        let (address, consignment) = self.consignment.get(&context.ledger).await?;
        let transfer = context.ledger.open_transfer(&address, &consignment).await?;
        let instruction = accept(
            context.keypair()?.pubkey(),
            Sides {
                from: transfer.from,
                to: transfer.to,
            },
            Goods {
                consignment: address,
                lot: consignment.lot,
            },
            transfer.sequence,
        );
        let purpose = format!("accept {} units ({})", consignment.quantity, transfer.kind);
        context.execute(&purpose, instruction).await?;
        Ok(Answer::Yes)
    }
}
