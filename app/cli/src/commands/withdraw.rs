//! `pedigree withdraw`

use anyhow::Result;
use clap::Args;
use pedigree_client::instruction::custody::{Goods, export, report_stolen, sample};

use crate::{
    Answer,
    arguments::{ConsignmentRef, Document},
    context::Context,
};

/// Record units as sampled, stolen or exported.
///
/// They leave the chain for good; signed by the custodian. Destruction needs a witness: see
/// `destroy`.
#[derive(Args)]
pub struct Withdraw {
    /// Its address, GTIN/LOT[#UNIT], or the SSCC that it is packed in
    consignment: ConsignmentRef,
    /// What became of the units
    #[arg(long = "as", value_enum)]
    outcome: Outcome,
    #[command(flatten)]
    document: Document,
}

/// How units leave the chain without a witness.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Outcome {
    /// Taken as samples.
    Sampled,
    /// Stolen or lost.
    Stolen,
    /// Sent out of the territory that the registry covers, by their owner.
    Exported,
}

impl Withdraw {
    pub async fn run(self, context: &Context) -> Result<Answer> {
        let (address, consignment) = self.consignment.get(&context.ledger).await?;
        let custodian = context.acting_for(consignment.custodian).await?;
        let (sequence, document) = (consignment.sequence, self.document.hash());
        let goods = Goods {
            consignment: address,
            lot: consignment.lot,
        };
        let (word, instruction) = match self.outcome {
            Outcome::Sampled => ("sampled", sample(custodian, address, sequence, document)),
            Outcome::Stolen => (
                "stolen",
                report_stolen(custodian, address, sequence, document),
            ),
            Outcome::Exported => ("exported", export(custodian, goods, sequence, document)),
        };
        let purpose = format!("record {} units as {word}", consignment.quantity);
        context.execute(&purpose, instruction).await?;
        Ok(Answer::Yes)
    }
}
