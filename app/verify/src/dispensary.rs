//! Dispensing packs one by one, as they are scanned: which packs may be dispensed, and from which
//! consignment.

use pedigree_client::{
    Actor, Located, Plan, Site,
    actor::sites_of,
    custody::{Consignment, CustodyError, Disposition, UnitRecord},
    disposition::{RecordedUnit, in_custody, unit},
    domain::Roles,
    fee_payer::LAMPORTS_PER_SIGNATURE,
    identifier::{Gln, Gtin, LotNumber},
    instruction::custody::dispense,
    planning::single_units::owner,
    refusal::Refusal,
    registry::Partner,
    units::{UnitBlock, UnitRange},
};
use solana_pubkey::Pubkey;

use crate::{
    error::{Error, Result},
    pack::PackVerification,
    verdict::FailureReason,
};

/// Where packs are dispensed from, and by whom.
pub struct Dispensary<'a> {
    actor: Actor<'a>,
    stock: Stock,
}

/// Where the packs are taken from.
enum Stock {
    /// This consignment alone, and the site that holds it.
    Consignment(Box<Located<Consignment>>, Site),
    /// Whatever these sites hold.
    Sites(Vec<Site>),
}

/// Whether a pack may be dispensed.
#[derive(Clone, Debug)]
pub enum Decision {
    /// It may.
    Dispense(Box<UnitDispense>),
    /// It may not.
    Refuse(NotDispensed),
}

/// The dispense of one unit.
#[derive(Clone, Debug)]
pub struct UnitDispense {
    /// What is to be sent.
    pub plan: Plan,
    /// The consignment that the unit is taken from.
    pub consignment: Pubkey,
    /// Address of its lot.
    pub lot: Pubkey,
    /// Index of the unit in the lot.
    pub unit: u32,
}

/// Why a pack is not dispensed.
#[derive(Clone, Debug)]
pub enum NotDispensed {
    /// It is not verified: the verdict says why.
    NotVerified,
    /// Its label agrees, but no serial number was read, so it is not known which unit it is.
    NoSerial,
    /// It left the chain before.
    Gone(Box<RecordedUnit>),
    /// Its lot's page is not open, so its unit is not tracked.
    NotTracked {
        /// Index of the unit in the lot.
        unit: u32,
        /// The pack's product.
        gtin: Gtin,
        /// The pack's lot.
        lot_number: LotNumber,
    },
    /// The named consignment does not hold it.
    OtherConsignment {
        /// Index of the unit in the lot.
        unit: u32,
    },
    /// A site holds it that the actor does not dispense for.
    Elsewhere {
        /// Index of the unit in the lot.
        unit: u32,
        /// That site.
        custodian: Gln,
        /// Its account, if there is one.
        site: Option<Box<Partner>>,
    },
    /// The dispenser only stores it, and its owner has not made the acting key its operator.
    OwnerNotAsked {
        /// Index of the unit in the lot.
        unit: u32,
        /// The owner.
        owner: Gln,
    },
    /// No consignment holds it.
    Nowhere {
        /// Index of the unit in the lot.
        unit: u32,
    },
    /// The program refused.
    Refused(Box<Refusal>),
}

/// What dispensing costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    /// Lamports of fees for each pack, without a priority fee.
    pub fee: u64,
    /// Lamports of rent for each record of 64 neighbouring units.
    pub rent: u64,
}

impl<'a> Dispensary<'a> {
    /// Dispenses from one consignment.
    ///
    /// # Errors
    ///
    /// If the actor may not act for its custodian.
    pub async fn of_consignment(
        actor: Actor<'a>,
        consignment: Located<Consignment>,
    ) -> Result<Self> {
        let site = actor.site(consignment.custodian()).await?;
        let stock = Stock::Consignment(Box::new(consignment), site);
        Ok(Self { actor, stock })
    }

    /// Dispenses from whatever the dispensers hold that the actor may act for.
    ///
    /// # Errors
    ///
    /// [`Error::NoDispenser`] if there is none.
    pub async fn of_sites(actor: Actor<'a>) -> Result<Self> {
        let sites = sites_of(actor.ledger, &actor.key).await?;
        let dispenses =
            |partner: &Partner| Roles::from_bits_truncate(partner.roles).contains(Roles::DISPENSER);
        let sites: Vec<Site> = sites
            .into_iter()
            .filter(|site| dispenses(&site.partner))
            .map(|site| site.site)
            .collect();
        match sites.is_empty() {
            true => Err(Error::NoDispenser(actor.key)),
            false => Ok(Self {
                actor,
                stock: Stock::Sites(sites),
            }),
        }
    }

    /// What dispensing costs.
    ///
    /// # Errors
    ///
    /// If the ledger cannot be read.
    pub async fn cost(&self) -> Result<Cost> {
        let signatures = match self.actor.key == self.actor.payer.key {
            true => 1,
            false => 2,
        };
        Ok(Cost {
            fee: signatures * LAMPORTS_PER_SIGNATURE,
            rent: self.actor.ledger.rent::<UnitRecord>().await?,
        })
    }

    /// Whether `pack` may be dispensed: it is verified by its serial number, active, and held by the
    /// dispenser. `evidence_hash` is the SHA-256 of what the answer about it rests on.
    ///
    /// # Errors
    ///
    /// If the ledger cannot be read.
    pub async fn decide(
        &self,
        pack: &PackVerification,
        evidence_hash: Option<[u8; 32]>,
    ) -> Result<Decision> {
        let label = &pack.own().question.label;
        let lot = pack.own().facts.lot_address;
        let (index, disposition) = match pack.own().unit() {
            Some(unit) => unit,
            None if pack.is_verified() => return Ok(Decision::Refuse(NotDispensed::NoSerial)),
            None => return Ok(Decision::Refuse(NotDispensed::NotVerified)),
        };
        if !pack.is_verified() {
            return Ok(Decision::Refuse(match pack.failure() {
                Some(FailureReason::NotForRedistribution) => self.gone(&lot, index).await?,
                _ => NotDispensed::NotVerified,
            }));
        }
        if disposition != Some(Disposition::Active) {
            return Ok(Decision::Refuse(NotDispensed::NotTracked {
                unit: index,
                gtin: label.gtin,
                lot_number: label.lot_number,
            }));
        }
        let (site, consignment) = match self.source(lot, index).await? {
            Ok(source) => source,
            Err(reason) => return Ok(Decision::Refuse(reason)),
        };
        let block = UnitBlock::of(index);
        let payer = self.actor.payer.key;
        let owner = match owner(&self.actor, &consignment, None).await {
            Ok(owner) => owner,
            Err(pedigree_client::Error::NotSitesKey { .. }) => {
                return Ok(Decision::Refuse(NotDispensed::OwnerNotAsked {
                    unit: index,
                    owner: consignment.owner(),
                }));
            }
            Err(error) => return Err(error.into()),
        };
        let instruction = dispense(payer, site, &consignment, block, owner, evidence_hash);
        Ok(Decision::Dispense(Box::new(UnitDispense {
            plan: Plan::new(format!("dispense unit {index}"), instruction),
            consignment: consignment.address,
            lot,
            unit: index,
        })))
    }

    /// Why a pack is not dispensed that the program refused: it may have left the chain since it was
    /// verified, at another counter for instance.
    ///
    /// # Errors
    ///
    /// If the ledger cannot be read.
    pub async fn refused(&self, dispense: &UnitDispense, refusal: Refusal) -> Result<NotDispensed> {
        match refusal.is(CustodyError::UnitNotActive) {
            true => self.gone(&dispense.lot, dispense.unit).await,
            false => Ok(NotDispensed::Refused(Box::new(refusal))),
        }
    }

    /// The consignment that unit `index` is taken from and the site that holds it, or why there is none.
    async fn source(
        &self,
        lot: Pubkey,
        index: u32,
    ) -> Result<std::result::Result<(Site, Located<Consignment>), NotDispensed>> {
        let ledger = self.actor.ledger;
        let sites = match &self.stock {
            Stock::Consignment(consignment, site) => {
                let units = UnitRange::from(&consignment.account);
                return Ok(match consignment.lot == lot && units.contains(index) {
                    true => Ok((*site, **consignment)),
                    false => Err(NotDispensed::OtherConsignment { unit: index }),
                });
            }
            Stock::Sites(sites) => sites,
        };
        for site in sites {
            if let Some(consignment) = in_custody(ledger, &lot, index, site.gln).await? {
                return Ok(Ok((*site, consignment)));
            }
        }
        let Some(elsewhere) = unit(ledger, &lot, index).await?.consignment else {
            return Ok(Err(NotDispensed::Nowhere { unit: index }));
        };
        let custodian = elsewhere.custodian();
        let sites = ledger.partners([custodian]).await?;
        Ok(Err(NotDispensed::Elsewhere {
            unit: index,
            custodian,
            site: sites.get(&custodian).copied().map(Box::new),
        }))
    }

    async fn gone(&self, lot: &Pubkey, index: u32) -> Result<NotDispensed> {
        let unit = unit(self.actor.ledger, lot, index).await?;
        Ok(NotDispensed::Gone(Box::new(unit)))
    }
}
