//! `pedigree recall open`

use anyhow::{Result, ensure};
use clap::Args;
use pedigree_client::{
    address,
    custody::Lot,
    identifier::{Gln, Gtin},
    instruction::recall::{self as instruction, RecallTerms},
    ledger::Filter,
    recall::RecallReason,
};
use solana_pubkey::Pubkey;
use solana_signer::Signer;

use super::{
    Run,
    terms::{GravityArguments, NoticeArguments, reasons},
};
use crate::{Answer, arguments::LotRef, context::Context, sending::Job};

/// Recall lots, or a run of one's units.
///
/// For the manufacturer or a regulator. From the next slot on none of the units goes further down the
/// chain or to a patient, whoever holds them; they only go back or to disposal.
#[derive(Args)]
pub struct Open {
    /// The lots
    #[arg(value_name = "GTIN/LOT", required_unless_present = "product")]
    lots: Vec<LotRef>,
    /// All lots of this product instead
    #[arg(long, value_name = "GTIN", conflicts_with = "lots")]
    product: Option<Gtin>,
    /// Only these units of the lot: FIRST-LAST [default: all]
    #[arg(long, value_name = "RUN", conflicts_with = "product")]
    units: Option<Run>,
    #[command(flatten)]
    gravity: GravityArguments,
    /// Why
    #[arg(long, value_parser = reasons())]
    reason: RecallReason,
    #[command(flatten)]
    notice: NoticeArguments,
    /// GLN of the site that recalls [default: the acting keypair's]
    #[arg(long)]
    site: Option<Gln>,
}

impl Open {
    pub async fn run(self, context: &Context) -> Result<Answer> {
        ensure!(
            self.units.is_none() || self.lots.len() == 1,
            "--units is about one lot: open a recall for each"
        );
        let ledger = &context.ledger;
        let lots: Vec<(Pubkey, Lot)> = match self.product {
            Some(gtin) => {
                ledger
                    .list(&[Filter::lot_product(&address::product(gtin))])
                    .await?
            }
            None => {
                let mut lots = Vec::new();
                for lot in &self.lots {
                    lots.push((lot.address(), ledger.get(&lot.address()).await?));
                }
                lots
            }
        };
        ensure!(!lots.is_empty(), "this product has no lots");
        let site = context
            .acting_for(context.own_site(self.site).await?)
            .await?;
        let payer = context.fee_payer()?.pubkey();
        let notice = self.notice.notice()?;
        let mut instructions = Vec::new();
        let mut made = Vec::new();
        let mut total = 0;
        for (address, lot) in &lots {
            let run = self.units.unwrap_or(Run {
                first: 0,
                quantity: lot.quantity,
            });
            let terms = RecallTerms {
                first: run.first,
                quantity: run.quantity,
                gravity: self.gravity.gravity(),
                reason: self.reason.code(),
            };
            total += u64::from(run.quantity);
            instructions.push(instruction::open(
                payer,
                site,
                *address,
                lot.recalls,
                terms,
                notice,
            ));
            made.push(address::recall(address, lot.recalls));
        }
        let purpose = format!(
            "recall {total} units of {} lots, class {}, to the {} level ({})",
            lots.len(),
            self.gravity.class,
            self.gravity.depth,
            self.reason
        );
        let transactions = context.submitter()?.bundle(instructions);
        let mut job = Job::of_many(purpose, transactions);
        for recall in made {
            job = job.making("recall", recall);
        }
        job.run(context).await?;
        Ok(Answer::Yes)
    }
}
