//! `pedigree handoff`

use std::path::PathBuf;

use anyhow::{Result, ensure};
use clap::Args;
use pedigree_client::{
    custody::{Change, Consignment},
    identifier::Gln,
    instruction::custody::{Goods, handoff, handoff_batch},
    site::Site,
    transaction::Submitter,
};
use solana_instruction::Instruction;
use solana_pubkey::Pubkey;
use solana_signer::Signer;

use crate::{
    Answer,
    arguments::{ConsignmentRef, TransferTerms},
    context::{Context, load_keypair},
    sending::Job,
};

/// Hand consignments over at once, signed by both sides.
///
/// Many are handed over in as few transactions as they fit in, each of which hands over all of its
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
        for consignment in &self.consignments {
            consignments.extend(consignment.all(&context.ledger).await?);
        }
        let custodian = consignments[0].1.custodian;
        for (address, consignment) in &consignments {
            ensure!(
                consignment.custodian == custodian,
                "{address} is in the custody of {}, the first one in that of {}: hand over what \
                 one site has at a time",
                Gln::from_account(consignment.custodian),
                Gln::from_account(custodian),
            );
        }
        let sides = Sides {
            from: context.acting_for(custodian).await?,
            to: Site::acting(&context.ledger, self.to, to_keypair.pubkey()).await?,
            kind: Change::from(self.terms.kind),
            document: self.terms.document.hash(),
        };
        let transactions = sides.transactions(&context.submitter()?, &mut consignments);
        let units: u64 = consignments
            .iter()
            .map(|(_, one)| u64::from(one.quantity))
            .sum();
        let several = match consignments.len() {
            1 => String::new(),
            several => format!(" in {several} consignments"),
        };
        let purpose = format!(
            "hand {units} units{several} to {} ({})",
            self.to, sides.kind
        );
        Job::of_many(purpose, transactions)
            .signed_by(&to_keypair)
            .run(context)
            .await?;
        Ok(Answer::Yes)
    }
}

/// Who hands over to whom, and as what.
struct Sides {
    from: Site,
    to: Site,
    kind: Change,
    document: [u8; 32],
}

impl Sides {
    /// One transaction for one consignment; for many, as few as they fit in.
    fn transactions(
        &self,
        submitter: &Submitter,
        consignments: &mut [(Pubkey, Consignment)],
    ) -> Vec<Vec<Instruction>> {
        // A lot is named once for all its consignments that stand together.
        consignments.sort_by_key(|(_, consignment)| (consignment.lot, consignment.first_unit));
        let mut goods = consignments.iter().map(|(address, consignment)| {
            let goods = Goods {
                consignment: *address,
                lot: consignment.lot,
            };
            (goods, consignment.sequence)
        });
        if goods.len() == 1 {
            let one = goods.next().map(|(goods, sequence)| {
                handoff(
                    self.from,
                    self.to,
                    goods,
                    self.kind,
                    sequence,
                    self.document,
                )
            });
            return vec![one.into_iter().collect()];
        }
        let batch =
            |goods: &[_]| handoff_batch(self.from, self.to, goods, self.kind, self.document);
        let mut batches: Vec<Vec<(Goods, u32)>> = vec![Vec::new()];
        for next in goods {
            let last = batches.len() - 1;
            batches[last].push(next);
            if batches[last].len() > 1 && !submitter.fits(&[batch(&batches[last])]) {
                batches[last].pop();
                batches.push(vec![next]);
            }
        }
        batches.iter().map(|goods| vec![batch(goods)]).collect()
    }
}
