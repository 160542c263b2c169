//! `pedigree split`

use anyhow::{Context as _, Result, ensure};
use clap::Args;
use pedigree_client::{
    address,
    identifier::Sscc,
    instruction::custody::{split, with_pages},
};
use solana_signer::Signer;

use crate::{Answer, arguments::ConsignmentRef, context::Context, sending::Job};

/// Cut the last units of a consignment off.
///
/// They become consignments of their own; signed by the custodian. What was packed is broken up:
/// the rest is loose until it is packed again.
#[derive(Args)]
pub struct Split {
    /// Its address, GTIN/LOT[#UNIT], or the SSCC that it is packed in
    consignment: ConsignmentRef,
    /// How many units each new consignment gets
    #[arg(long, value_name = "N")]
    units: u32,
    /// SSCC of the package that the units are in; one for each new consignment [default: loose]
    #[arg(long, value_delimiter = ',')]
    sscc: Vec<Sscc>,
    /// How many consignments are cut off, the last units first [default: one, or one for each SSCC]
    #[arg(long, value_name = "N", conflicts_with = "sscc")]
    times: Option<u32>,
}

impl Split {
    pub async fn run(self, context: &Context) -> Result<Answer> {
        let (address, consignment) = self.consignment.get(&context.ledger).await?;
        let times = match self.sscc.len() {
            0 => self.times.unwrap_or(1),
            packages => u32::try_from(packages)?,
        };
        ensure!(times > 0, "choose at least one consignment to cut off");
        let cut = u64::from(self.units) * u64::from(times);
        ensure!(
            self.units > 0 && cut < u64::from(consignment.quantity),
            "the consignment has {} units, of which at least one stays: cut off fewer than {cut}",
            consignment.quantity
        );
        let custodian = context.acting_for(consignment.custodian).await?;
        let payer = context.fee_payer()?.pubkey();
        let mut instructions = Vec::new();
        let mut children = Vec::new();
        for place in 0..times {
            let too_many = "the consignment was split as often as can be counted";
            let index = consignment.children.checked_add(place).context(too_many)?;
            let sequence = consignment.sequence.checked_add(place).context(too_many)?;
            let sscc = self.sscc.get(place as usize).copied();
            let cut = split(payer, custodian, address, index, sequence, self.units, sscc);
            instructions.push(if consignment.inactive == 0 {
                cut
            } else {
                let end = consignment.first_unit + consignment.quantity;
                let first = end - self.units * (place + 1);
                with_pages(cut, &consignment.lot, first, self.units)
            });
            children.push(address::consignment(&address, index));
        }
        let units = self.units;
        let purpose = match times {
            1 => format!("cut the last {units} units off"),
            times => format!("cut the last {cut} units off into {times} consignments of {units}"),
        };
        let transactions = context.submitter()?.bundle(instructions);
        let mut job = Job::of_many(purpose, transactions);
        for child in children {
            job = job.making("consignment", child);
        }
        job.run(context).await?;
        Ok(Answer::Yes)
    }
}
