//! `pedigree receive`

use anyhow::Result;
use clap::Args;
use pedigree_client::{
    address,
    custody::ExceptionCode,
    identifier::Gln,
    instruction::custody::{Finding, Goods, accept, accept_with_discrepancy},
};
use solana_signer::Signer;

use crate::{
    Answer,
    arguments::{ConsignmentRef, Document, exceptions},
    context::Context,
    sending::Job,
};

/// Accept a consignment on offer.
///
/// Signed by the receiving site. What came with something wrong can be accepted all the same, with
/// a case on it that the sender has to answer.
#[derive(Args)]
pub struct Receive {
    /// Its address, GTIN/LOT[#UNIT], or the SSCC that it is packed in
    consignment: ConsignmentRef,
    /// What is wrong with what came: opens a case, and the goods stay where they are until it is
    /// resolved
    #[arg(long, value_parser = exceptions())]
    discrepancy: Option<ExceptionCode>,
    /// How many units the discrepancy concerns [default: all]
    #[arg(long, value_name = "N", requires = "discrepancy")]
    units: Option<u32>,
    #[command(flatten)]
    document: Document,
}

impl Receive {
    pub async fn run(self, context: &Context) -> Result<Answer> {
        let (address, consignment) = self.consignment.get(&context.ledger).await?;
        let transfer = context.ledger.open_transfer(&address, &consignment).await?;
        let to = context.acting_for(transfer.to).await?;
        let from = address::partner(Gln::from_account(transfer.from));
        let goods = Goods {
            consignment: address,
            lot: consignment.lot,
        };
        let purpose = format!("accept {} units ({})", consignment.quantity, transfer.kind);
        let job = match self.discrepancy {
            None => Job::new(purpose, accept(to, from, goods, transfer.sequence)),
            Some(exception) => {
                let finding = Finding {
                    exception: exception.code(),
                    units: self.units.unwrap_or(consignment.quantity),
                    document: self.document.hash(),
                };
                let instruction = accept_with_discrepancy(
                    context.fee_payer()?.pubkey(),
                    to,
                    from,
                    goods,
                    transfer.sequence,
                    consignment.cases,
                    finding,
                );
                let units = finding.units;
                let purpose = format!("{purpose} and open a case on {units} units ({exception})");
                let case = address::case(&address, consignment.cases);
                Job::new(purpose, instruction).making("case", case)
            }
        };
        job.run(context).await?;
        Ok(Answer::Yes)
    }
}
