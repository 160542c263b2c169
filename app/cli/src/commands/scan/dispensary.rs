//! Dispensing the packs that are verified, one by one as they are scanned.

use anyhow::{Result, bail};
use pedigree_client::{
    Error, address,
    custody::{Consignment, DispenseRecord, Disposition, UnitBlock},
    domain::Roles,
    identifier::Gln,
    instruction::custody::{Goods, dispense},
    pack::PackVerification,
    site::{Site, sites_of},
    transaction::{LAMPORTS_PER_SIGNATURE, Submitter},
    units::{holds, in_custody, unit},
    verify::FailureReason,
};
use serde::Serialize;
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_pubkey::Pubkey;
use solana_signer::Signer;

use crate::{
    arguments::{ConsignmentRef, partner_name},
    commands::unit::fate,
    context::Context,
    sending::ask,
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

/// Whose packs are dispensed, and with what.
pub struct Dispensary<'a> {
    context: &'a Context,
    key: &'a Keypair,
    submitter: Submitter<'a>,
    stock: Stock,
}

/// Where the packs are taken from.
enum Stock {
    /// The consignment that was named, and its custodian.
    Named(Pubkey, Box<Consignment>, Site),
    /// Whatever the dispensers have that the key acts for.
    Sites(Vec<(Gln, Site)>),
}

/// Where one pack is taken from.
struct Source {
    site: Site,
    gln: Gln,
    goods: Goods,
}

impl Stock {
    async fn named(context: &Context, name: ConsignmentRef) -> Result<Self> {
        let (address, consignment) = name.get(&context.ledger).await?;
        let site = context.acting_for(consignment.custodian).await?;
        Ok(Self::Named(address, Box::new(consignment), site))
    }

    async fn of_key(context: &Context) -> Result<Self> {
        let key = context.keypair()?.pubkey();
        let mut sites = Vec::new();
        for partner in sites_of(&context.ledger, &key).await? {
            if Roles::from_bits_truncate(partner.roles).contains(Roles::DISPENSER) {
                sites.push((
                    Gln::from_account(partner.gln),
                    context.acting_for(partner.gln).await?,
                ));
            }
        }
        if sites.is_empty() {
            bail!("{key} acts for no site that dispenses: pass the --keypair of a pharmacy");
        }
        Ok(Self::Sites(sites))
    }
}

impl<'a> Dispensary<'a> {
    /// Looks up who dispenses, and asks once whether to, unless `--yes` or `--dry-run` answer that.
    ///
    /// Without a `consignment`, each pack is taken from the one that has it.
    pub async fn open(context: &'a Context, consignment: Option<ConsignmentRef>) -> Result<Self> {
        let stock = match consignment {
            Some(name) => Stock::named(context, name).await?,
            None => Stock::of_key(context).await?,
        };
        if !context.is_dry_run() {
            ask(context, &purpose(context).await?)?;
        }
        Ok(Self {
            context,
            key: context.keypair()?,
            submitter: context.submitter()?,
            stock,
        })
    }

    /// Dispenses the pack if it is verified by its serial number; `evidence` is the hash of what the
    /// answer rests on.
    ///
    /// # Errors
    ///
    /// Where the ledger does not answer. A refusal is no error but a pack that is not dispensed.
    pub async fn dispense(&self, pack: &PackVerification, evidence: [u8; 32]) -> Result<Dispense> {
        let refused = |reason| Ok(Dispense::NotDispensed { reason });
        let label = &pack.own().question.label;
        let lot = address::lot(&address::product(label.gtin), label.lot_number);
        let (index, disposition) = match pack.own().unit() {
            Some(unit) => unit,
            None if pack.is_verified() => {
                return refused(Some(
                    "no serial number was read, so nobody can tell which pack it is: scan the \
                     pack's GS1 DataMatrix"
                        .to_owned(),
                ));
            }
            None => return refused(None),
        };
        if !pack.is_verified() {
            let is_gone = pack.failure() == Some(FailureReason::NotForRedistribution);
            return refused(match is_gone {
                true => Some(self.what_became_of(&lot, index).await?),
                false => None,
            });
        }
        if disposition != Some(Disposition::Active) {
            return refused(Some(format!(
                "unit {index} is not followed one by one: open the lot's pages with `pedigree lot \
                 open-pages {} {}`",
                label.gtin, label.lot_number
            )));
        }
        match self.source(lot, index).await? {
            Ok(source) => self.send(source, index, evidence).await,
            Err(reason) => refused(Some(reason)),
        }
    }

    /// The consignment that unit `index` is taken from, or why there is none.
    async fn source(&self, lot: Pubkey, index: u32) -> Result<Result<Source, String>> {
        let ledger = &self.context.ledger;
        let sites = match &self.stock {
            Stock::Named(address, consignment, site) => {
                let is_there = consignment.lot == lot && holds(consignment, index);
                return Ok(match is_there {
                    true => Ok(Source {
                        site: *site,
                        gln: Gln::from_account(consignment.custodian),
                        goods: Goods {
                            consignment: *address,
                            lot,
                        },
                    }),
                    false => Err(format!(
                        "unit {index} is not one of the named consignment's: without --consignment \
                         it is looked for in all that the site has"
                    )),
                });
            }
            Stock::Sites(sites) => sites,
        };
        for &(gln, site) in sites {
            if let Some((consignment, _)) = in_custody(ledger, &lot, index, gln).await? {
                let goods = Goods { consignment, lot };
                return Ok(Ok(Source { site, gln, goods }));
            }
        }
        let Some((_, elsewhere)) = unit(ledger, &lot, index).await?.consignment else {
            return Ok(Err(format!("no consignment has unit {index}")));
        };
        let custodian = Gln::from_account(elsewhere.custodian);
        let partners = ledger.partners([custodian]).await?;
        let custodian = partners
            .get(&custodian)
            .map_or_else(|| custodian.to_string(), partner_name);
        Ok(Err(format!(
            "unit {index} is in the custody of {custodian}: receive it first"
        )))
    }

    async fn send(&self, source: Source, index: u32, evidence: [u8; 32]) -> Result<Dispense> {
        let Source { site, gln, goods } = source;
        let payer = self.submitter.payer();
        let instruction = dispense(payer, site, gln, goods, UnitBlock::of(index), evidence);
        match self.execute(&goods, instruction).await {
            // Dispensed since it was verified, or meanwhile at another counter.
            Err(Error::Refused(refusal)) if refusal.name == "UnitNotActive" => {
                let reason = Some(self.what_became_of(&goods.lot, index).await?);
                Ok(Dispense::NotDispensed { reason })
            }
            Err(Error::Refused(refusal)) => Ok(Dispense::NotDispensed {
                reason: Some(refusal.to_string()),
            }),
            outcome => Ok(outcome?),
        }
    }

    async fn execute(
        &self,
        goods: &Goods,
        instruction: Instruction,
    ) -> pedigree_client::Result<Dispense> {
        let consignment = goods.consignment.to_string();
        let cost = |fee_lamports, rent_lamports| Cost {
            fee_lamports,
            rent_lamports,
        };
        if self.context.is_dry_run() {
            let simulation = self.submitter.simulate(&[instruction]).await?;
            return Ok(Dispense::WouldBeDispensed {
                consignment,
                cost: cost(simulation.fee, simulation.rent),
            });
        }
        let receipt = self.submitter.send(&[instruction], &[self.key]).await?;
        Ok(Dispense::Dispensed {
            consignment,
            signature: receipt.signature.to_string(),
            slot: receipt.slot,
            cost: cost(receipt.simulation.fee, receipt.simulation.rent),
        })
    }

    /// Who has to be asked about a unit that is gone.
    async fn what_became_of(&self, lot: &Pubkey, index: u32) -> Result<String> {
        let unit = unit(&self.context.ledger, lot, index).await?;
        Ok(format!(
            "unit {index} is {}: set the pack aside and ask there; if it cannot be explained, open a \
             case with `pedigree dispense --open-case`",
            fate(&unit)
        ))
    }
}

/// What will happen to every pack, and what that costs.
async fn purpose(context: &Context) -> Result<String> {
    let is_one_key = context.keypair()?.pubkey() == context.fee_payer()?.pubkey();
    let signatures = if is_one_key { 1 } else { 2 };
    let fee = signatures * LAMPORTS_PER_SIGNATURE;
    let rent = context.ledger.rent::<DispenseRecord>().await?;
    Ok(format!(
        "dispense every pack that is scanned and verified, at {fee} lamports each, any priority fee, \
         and {rent} lamports of rent for each record of 64 neighbouring units"
    ))
}
