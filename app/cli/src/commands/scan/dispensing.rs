//! Dispensing the packs that are verified, one by one as they are scanned.

use anyhow::{Result, bail};
use pedigree_client::{Error, reference::ConsignmentRef, transaction::Submitter};
use pedigree_verify::{
    dispensary::{Decision, Dispensary, NotDispensed, UnitDispense},
    pack::PackVerification,
};
use serde::Serialize;
use solana_instruction::Instruction;
use solana_signer::Signer;

use crate::{
    context::{Context, Mode},
    prompt::ask,
    words::{self, partner_name},
};

/// What became of a pack that was to be dispensed.
#[derive(Debug, Serialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum Dispense {
    Dispensed {
        consignment: String,
        signature: String,
        slot: u64,
        #[serde(flatten)]
        cost: Cost,
    },
    /// Nothing was sent, because of `--dry-run`.
    WouldBeDispensed {
        consignment: String,
        #[serde(flatten)]
        cost: Cost,
    },
    NotDispensed {
        /// `None`: because it is not verified.
        reason: Option<String>,
    },
}

#[derive(Clone, Copy, Debug, Serialize)]
pub struct Cost {
    pub fee_lamports: u64,
    pub rent_lamports: i64,
}

/// Sends the dispenses that the dispensary decides on.
pub struct Dispenser<'a> {
    dispensary: Dispensary<'a>,
    key: &'a dyn Signer,
    submitter: Submitter<'a>,
    is_dry_run: bool,
}

impl<'a> Dispenser<'a> {
    /// Prompts once whether to dispense, unless `--yes` or `--dry-run` was given.
    ///
    /// Without a `consignment`, each pack is taken from the one that holds it.
    pub async fn open(context: &'a Context, consignment: Option<ConsignmentRef>) -> Result<Self> {
        let actor = context.actor()?;
        let dispensary = match consignment {
            Some(consignment) => {
                let consignment = consignment.resolve(&context.ledger).await?;
                Dispensary::of_consignment(actor, consignment).await?
            }
            None => Dispensary::of_sites(actor).await?,
        };
        let is_dry_run = match context.mode() {
            Mode::Send => false,
            Mode::DryRun => true,
            Mode::SignOnly | Mode::Unsigned => bail!(
                "packs are dispensed as they are scanned: to have it signed elsewhere, name them with \
                 `pedigree dispense`"
            ),
        };
        if !is_dry_run {
            let cost = dispensary.cost().await?;
            let purpose = format!(
                "dispense every pack that is scanned and verified, at {} lamports each, any \
                 priority fee, and {} lamports of rent for each record of 64 neighbouring units",
                cost.fee, cost.rent
            );
            ask(context, &purpose)?;
        }
        Ok(Self {
            dispensary,
            key: context.key()?.need_signer()?,
            submitter: context.submitter()?,
            is_dry_run,
        })
    }

    /// Dispenses the pack if it may be; `evidence_hash` is the SHA-256 of what the answer rests on.
    ///
    /// # Errors
    ///
    /// If the ledger does not answer. A refusal is not an error but a pack that is not dispensed.
    pub async fn dispense(
        &self,
        pack: &PackVerification,
        evidence_hash: Option<[u8; 32]>,
    ) -> Result<Dispense> {
        let dispense = match self.dispensary.decide(pack, evidence_hash).await? {
            Decision::Dispense(dispense) => dispense,
            Decision::Refuse(reason) => return Ok(not_dispensed(&reason)),
        };
        match self.send(&dispense).await {
            Err(Error::Refused(refusal)) => {
                let reason = self.dispensary.refused(&dispense, *refusal).await?;
                Ok(not_dispensed(&reason))
            }
            outcome => Ok(outcome?),
        }
    }

    async fn send(&self, dispense: &UnitDispense) -> pedigree_client::Result<Dispense> {
        let consignment = dispense.consignment.to_string();
        let instructions: Vec<Instruction> = dispense.plan.transactions.concat();
        let cost = |fee_lamports, rent_lamports| Cost {
            fee_lamports,
            rent_lamports,
        };
        if self.is_dry_run {
            let simulation = self.submitter.simulate(&instructions).await?;
            return Ok(Dispense::WouldBeDispensed {
                consignment,
                cost: cost(simulation.fee, simulation.rent),
            });
        }
        let receipt = self.submitter.send(&instructions, &[self.key]).await?;
        Ok(Dispense::Dispensed {
            consignment,
            signature: receipt.signature.to_string(),
            slot: receipt.slot,
            cost: cost(receipt.simulation.fee, receipt.simulation.rent),
        })
    }
}

fn not_dispensed(reason: &NotDispensed) -> Dispense {
    let reason = match reason {
        NotDispensed::NotVerified => None,
        NotDispensed::NoSerial => Some(
            "no serial number was read, so it is not known which pack it is: scan the pack's GS1 \
             DataMatrix"
                .to_owned(),
        ),
        NotDispensed::Gone(unit) => Some(format!(
            "unit {} is {}: set the pack aside and ask there; if it cannot be explained, open a case \
             with `pedigree dispense --open-case`",
            unit.index,
            words::fate(unit.fate())
        )),
        NotDispensed::NotTracked {
            unit,
            gtin,
            lot_number,
        } => Some(format!(
            "unit {unit} is not tracked one by one: open the lot's pages with `pedigree lot \
             open-pages {gtin} {lot_number}`"
        )),
        NotDispensed::OtherConsignment { unit } => Some(format!(
            "unit {unit} is not one of the named consignment's: without --consignment it is looked \
             for in all that the site holds"
        )),
        NotDispensed::Elsewhere {
            unit,
            custodian,
            site,
        } => {
            let custodian = site
                .as_deref()
                .map_or_else(|| custodian.to_string(), partner_name);
            Some(format!(
                "unit {unit} is in the custody of {custodian}: receive it first"
            ))
        }
        NotDispensed::OwnerNotAsked { unit, owner } => Some(format!(
            "unit {unit} belongs to {owner} and is only stored here: the owner makes this key its \
             operator, or signs with `pedigree dispense --owner-keypair`"
        )),
        NotDispensed::Nowhere { unit } => Some(format!("no consignment holds unit {unit}")),
        NotDispensed::Refused(refusal) => Some(refusal.to_string()),
    };
    Dispense::NotDispensed { reason }
}
