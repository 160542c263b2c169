//! `pedigree dispense`

use anstyle::AnsiColor;
use anyhow::{Context as _, Result};
use clap::Args;
use pedigree_client::{
    address,
    custody::{Consignment, Disposition, PAGE_UNITS, UnitPage},
    identifier::Gln,
    instruction::custody::{Finding, Goods, dispense, open_case, undo_dispense},
    units::{self, Unit, blocks},
};
use serde::Serialize;
use solana_pubkey::Pubkey;
use solana_signer::Signer;

use super::unit::fate;
use crate::{
    Answer,
    arguments::{ConsignmentRef, Digest},
    context::Context,
    output::{Report, paint},
    packs::{Packs, UnitRuns},
    sending::Job,
};

/// Record packs as given to patients.
///
/// Signed by the dispenser that has them. A pack that was dispensed before, or left the chain in
/// another way, is refused with who, where and when: exit code 1.
#[derive(Args)]
pub struct Dispense {
    /// The consignment that holds the packs: its address, GTIN/LOT[#UNIT], or its SSCC
    consignment: ConsignmentRef,
    #[command(flatten)]
    packs: Packs,
    /// SHA-256 of what the packs were verified with [default: none]
    #[arg(long, value_name = "SHA-256", conflicts_with = "undo")]
    evidence: Option<Digest>,
    /// Take back what was dispensed but not handed out: within ten days
    #[arg(long)]
    undo: bool,
    /// If a pack is gone already, open a case of suspect product on the consignment
    #[arg(long, conflicts_with = "undo")]
    open_case: bool,
}

impl Dispense {
    pub async fn run(self, context: &Context) -> Result<Answer> {
        let (consignment_address, consignment) = self.consignment.get(&context.ledger).await?;
        let units = self.packs.units(&consignment.lot)?;
        let goods = Goods {
            consignment: consignment_address,
            lot: consignment.lot,
        };
        if !self.undo {
            let gone = gone(context, &goods.lot, &units).await?;
            if let Some(first) = gone.first() {
                return self
                    .refuse(context, goods, &consignment, first, gone.len())
                    .await;
            }
        }
        let custodian = context.acting_for(consignment.custodian).await?;
        let gln = Gln::from_account(consignment.custodian);
        let payer = context.fee_payer()?.pubkey();
        let evidence = self.evidence.unwrap_or_default().0;
        let instructions = blocks(units.iter())
            .into_iter()
            .map(|block| match self.undo {
                true => undo_dispense(custodian, gln, goods, block),
                false => dispense(payer, custodian, gln, goods, block, evidence),
            })
            .collect();
        let count = units.count();
        let purpose = match self.undo {
            true => format!("take {count} dispensed units back"),
            false => format!("dispense {count} units"),
        };
        let transactions = context.submitter()?.bundle(instructions);
        Job::of_many(purpose, transactions).run(context).await?;
        Ok(Answer::Yes)
    }

    /// Says what became of the first pack that is gone, and opens a case if that is wanted.
    async fn refuse(
        &self,
        context: &Context,
        goods: Goods,
        consignment: &Consignment,
        first: &Unit,
        count: usize,
    ) -> Result<Answer> {
        let refusal = NotActive {
            unit: first.index,
            fate: fate(first),
            units_gone: count,
        };
        if !self.open_case {
            context.print(&refusal);
            return Ok(Answer::No);
        }
        let finding = Finding {
            exception: 0,
            units: u32::try_from(count)?,
            document: self.evidence.unwrap_or_default().0,
        };
        let custodian = address::partner(Gln::from_account(consignment.custodian));
        let instruction = open_case(
            context.fee_payer()?.pubkey(),
            context.acting_for(consignment.custodian).await?,
            custodian,
            goods,
            consignment.cases,
            finding,
        );
        let purpose = format!("open a case of suspect product: {}", refusal.reason());
        Job::new(purpose, instruction)
            .making("case", address::case(&goods.consignment, consignment.cases))
            .run(context)
            .await?;
        Ok(Answer::No)
    }
}

/// Why nothing was dispensed.
#[derive(Serialize)]
struct NotActive {
    /// The first of the packs that are gone.
    unit: u32,
    fate: String,
    /// How many of the packs are gone.
    units_gone: usize,
}

impl NotActive {
    fn reason(&self) -> String {
        let others = match self.units_gone {
            1 => String::new(),
            several => format!(" (and {} others are gone too)", several - 1),
        };
        format!("unit {} is {}{others}", self.unit, self.fate)
    }
}

impl Report for NotActive {
    fn text(&self) -> String {
        format!(
            "{} {}\nSet the pack aside and ask there; if it cannot be explained, open a case with \
             --open-case",
            paint(AnsiColor::Red, "NOT DISPENSED:"),
            self.reason()
        )
    }
}

/// Those of `wanted` that are not active any more, with what became of them.
async fn gone(context: &Context, lot: &Pubkey, wanted: &UnitRuns) -> Result<Vec<Unit>> {
    let mut gone = Vec::new();
    let mut page: Option<UnitPage> = None;
    for index in wanted.iter() {
        let number = index / PAGE_UNITS;
        if page.is_none_or(|page| page.number != number) {
            page = Some(context.ledger.get(&address::unit_page(lot, number)).await?);
        }
        let page = page.context("a page of this number")?;
        if page.disposition(index) != Disposition::Active {
            // One look for all: the first tells who has to be asked.
            gone.push(match gone.is_empty() {
                true => units::unit(&context.ledger, lot, index).await?,
                false => Unit {
                    index,
                    disposition: Some(page.disposition(index)),
                    consignment: None,
                    dispensed: None,
                },
            });
        }
    }
    Ok(gone)
}
