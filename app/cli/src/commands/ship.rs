//! `pedigree ship`

use anyhow::Result;
use clap::Args;
use pedigree_client::{
    address,
    custody::Change,
    identifier::Gln,
    instruction::custody::{Goods, OfferTerms, offer},
};
use solana_signer::Signer;

use crate::{
    Answer,
    arguments::{ConsignmentRef, TransferTerms, deadline},
    context::Context,
};

/// Offer a consignment to another partner.
///
/// The receiver accepts it with `receive` before the deadline. A sale makes the transaction
/// statement of DSCSA section 581(27). To send goods back use `return`.
#[derive(Args)]
pub struct Ship {
    /// Its address, GTIN/LOT[#UNIT], or the SSCC that it is packed in
    consignment: ConsignmentRef,
    /// GLN of the receiving site
    #[arg(long)]
    to: Gln,
    /// How long the receiver may take, 90 days at most
    #[arg(long, default_value = "14days", value_name = "TIME")]
    within: humantime::Duration,
    #[command(flatten)]
    terms: TransferTerms,
}

impl Ship {
    pub async fn run(self, context: &Context) -> Result<Answer> {
        let (address, consignment) = self.consignment.get(&context.ledger).await?;
        let kind = Change::from(self.terms.kind);
        let terms = OfferTerms {
            sequence: consignment.sequence,
            kind: kind.code(),
            statement: kind == Change::Sale,
            deadline: deadline(self.within.into())?,
            document: self.terms.document.hash(),
        };
        let goods = Goods {
            consignment: address,
            lot: consignment.lot,
        };
        let instruction = offer(
            context.fee_payer()?.pubkey(),
            context.acting_for(consignment.custodian).await?,
            address::partner(self.to),
            goods,
            None,
            terms,
        );
        let purpose = format!(
            "offer {} units to {} ({kind})",
            consignment.quantity, self.to
        );
        context.execute(&purpose, instruction).await?;
        Ok(Answer::Yes)
    }
}
