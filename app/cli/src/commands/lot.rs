//! `pedigree lot`

use std::{
    collections::BTreeMap,
    fs::File,
    io::BufReader,
    ops::{ControlFlow, Range},
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail, ensure};
use clap::{Args, Subcommand};
use pedigree_client::{
    address, custody,
    identifier::{Expiry, Gtin, LotNumber},
    instruction::custody::{self as instruction, LotLabel},
    ledger::Filter,
    registry, units,
};
use pedigree_manifest::{Manifest, SerialList};
use serde::Serialize;
use solana_instruction::Instruction;
use solana_pubkey::Pubkey;
use solana_signer::Signer;

use super::manifest::meter;
use crate::{
    Answer,
    arguments::{Digest, consignment_name, hex, time},
    context::Context,
    names::SiteNames,
    output::{Report, fields, rows},
    sending::Job,
};

#[derive(Subcommand)]
pub enum Lot {
    Mint(Mint),
    /// Open the pages on which a lot's units are followed one by one; whoever pays for them may
    OpenPages {
        gtin: Gtin,
        lot_number: LotNumber,
    },
    /// Show a lot and who holds its units
    Show {
        gtin: Gtin,
        lot_number: LotNumber,
    },
    /// List lots
    List {
        /// Only those of this product
        #[arg(long)]
        gtin: Option<Gtin>,
    },
}

impl Lot {
    pub async fn run(self, context: &Context) -> Result<Answer> {
        match self {
            Self::Mint(mint) => return mint.run(context).await,
            Self::OpenPages { gtin, lot_number } => {
                return open_pages(context, gtin, lot_number).await;
            }
            Self::Show { gtin, lot_number } => show(context, gtin, lot_number).await?,
            Self::List { gtin } => {
                let filters: Vec<Filter> = gtin
                    .map(|gtin| Filter::lot_product(&address::product(gtin)))
                    .into_iter()
                    .collect();
                let mut lots: Vec<(Pubkey, custody::Lot)> = context.ledger.list(&filters).await?;
                lots.sort_by_key(|(_, lot)| (lot.gtin, lot.minted_at));
                let makers = lots.iter().map(|(_, lot)| lot.manufacturer);
                let names = SiteNames::read(&context.ledger, makers).await?;
                let reports = lots
                    .iter()
                    .map(|(address, lot)| LotReport::new(address, lot, &names, Vec::new()));
                context.print(&LotList(reports.collect()));
            }
        }
        Ok(Answer::Yes)
    }
}

/// Mint a lot.
///
/// Signed by the product's manufacturer. With serial numbers, the lot's manifest is written first
/// and its pages are opened as well; if that is interrupted, the same command goes on from there.
#[derive(Args)]
pub struct Mint {
    gtin: Gtin,
    lot_number: LotNumber,
    /// The label's date: YYYY-MM-DD, or YYYY-MM for the last of the month
    #[arg(long)]
    expiry: Expiry,
    #[command(flatten)]
    size: Size,
    /// The lot's manifest: made from the serial numbers, or made before
    #[arg(
        long,
        value_name = "FILE",
        required_unless_present = "quantity",
        conflicts_with = "quantity"
    )]
    manifest: Option<PathBuf>,
    /// Root of the serial numbers' Merkle tree, if other software made it [default: not serialised]
    #[arg(long, value_name = "SHA-256", requires = "quantity")]
    serial_root: Option<Digest>,
    /// SHA-256 of the lot's manifest, if other software made it [default: none]
    #[arg(long, value_name = "SHA-256", requires = "quantity")]
    manifest_hash: Option<Digest>,
}

/// How many units there are, and which serial numbers they carry.
#[derive(Args)]
#[group(multiple = false)]
struct Size {
    /// Units in the lot, whose serial numbers stay unknown
    #[arg(long)]
    quantity: Option<u32>,
    /// The packaging line's serial numbers, in packing order: one a line, or CSV with a column
    /// `serial` and perhaps `sscc`
    #[arg(long, value_name = "FILE")]
    serials: Option<PathBuf>,
    /// Draw this many serial numbers at random
    #[arg(long, value_name = "N")]
    generate: Option<u32>,
}

impl Mint {
    async fn run(self, context: &Context) -> Result<Answer> {
        let product_address = address::product(self.gtin);
        let address = address::lot(&product_address, self.lot_number);
        let product: registry::Product = context.ledger.get(&product_address).await?;
        let manufacturer: registry::Partner = context.ledger.get(&product.manufacturer).await?;
        let manufacturer = context.acting_for(manufacturer.gln).await?;
        let payer = context.fee_payer()?.pubkey();
        let label = match &self.manifest {
            None => LotLabel {
                lot_number: self.lot_number,
                expiry: self.expiry,
                quantity: self.size.quantity.unwrap_or_default(),
                serial_root: self.serial_root.unwrap_or_default().0,
                manifest_hash: self.manifest_hash.unwrap_or_default().0,
            },
            Some(file) => {
                let manifest = self.open_manifest(context, file, &address)?;
                LotLabel {
                    lot_number: self.lot_number,
                    expiry: self.expiry,
                    quantity: manifest.quantity(),
                    serial_root: *manifest.root(),
                    manifest_hash: *manifest.manifest_hash(),
                }
            }
        };
        let mut instructions = Vec::new();
        let minted: Option<custody::Lot> = context.ledger.find(&address).await?;
        match minted {
            None => instructions.push(instruction::mint_lot(
                payer,
                manufacturer,
                product_address,
                &label,
            )),
            Some(lot) => ensure!(
                self.manifest.is_some() && lot.serial_root == label.serial_root,
                "lot {} of {} was minted before, with other serial numbers: see `pedigree lot show`",
                self.lot_number,
                self.gtin
            ),
        }
        if self.manifest.is_some() {
            let pages = missing_pages(context, &address, label.quantity, payer).await?;
            instructions.extend(pages);
        }
        ensure!(
            !instructions.is_empty(),
            "lot {} of {} was minted before, and all its pages are open",
            self.lot_number,
            self.gtin
        );
        let purpose = format!(
            "mint lot {} of {}: {} units, expiry {}",
            self.lot_number, self.gtin, label.quantity, self.expiry
        );
        let transactions = context.submitter()?.bundle(instructions);
        Job::of_many(purpose, transactions).run(context).await?;
        Ok(Answer::Yes)
    }

    /// The lot's manifest: the file if it is there, else written from the serial numbers.
    fn open_manifest(&self, context: &Context, file: &Path, lot: &Pubkey) -> Result<Manifest> {
        if !file.try_exists()? {
            let list = self.serials()?;
            let lot = pedigree_manifest::Lot {
                gtin: self.gtin.number(),
                lot_number: self.lot_number.to_string(),
                expiry: self.expiry.label(),
                address: lot.to_bytes(),
            };
            let progress = meter(context).on_progress();
            return Ok(Manifest::create(file, lot, &list, progress)?);
        }
        let manifest = Manifest::open(file)?;
        let name = file.display();
        ensure!(
            manifest.lot().address == lot.to_bytes()
                && manifest.lot().expiry == self.expiry.label(),
            "{name} is the manifest of another lot, or of another expiry: name another file"
        );
        ensure!(
            !manifest.is_partial(),
            "{name} holds only a part of the lot's units: the whole manifest is needed"
        );
        if self.size.serials.is_some() {
            let list = self.serials()?;
            let mut is_same = list.len() == manifest.quantity();
            manifest.for_each(manifest.run(), |unit| {
                is_same = is_same && list.serial(unit.index) == unit.serial;
                match is_same {
                    true => ControlFlow::Continue(()),
                    false => ControlFlow::Break(()),
                }
            })?;
            ensure!(
                is_same,
                "{name} is there already and holds other serial numbers: name another file"
            );
        }
        Ok(manifest)
    }

    fn serials(&self) -> Result<SerialList> {
        match (&self.size.serials, self.size.generate) {
            (Some(file), _) => {
                let reader = File::open(file)
                    .with_context(|| format!("could not open {}", file.display()))?;
                SerialList::read(BufReader::new(reader))
                    .with_context(|| format!("{} was refused", file.display()))
            }
            (None, Some(quantity)) => Ok(SerialList::generate(quantity)?),
            (None, None) => bail!(
                "the manifest is not there yet: give its serial numbers with --serials, or draw \
                 some with --generate"
            ),
        }
    }
}

/// Opens those of the lot's pages that are not open yet.
async fn open_pages(context: &Context, gtin: Gtin, lot_number: LotNumber) -> Result<Answer> {
    let address = address::lot(&address::product(gtin), lot_number);
    let lot: custody::Lot = context.ledger.get(&address).await?;
    let payer = context.fee_payer()?.pubkey();
    let missing = missing_pages(context, &address, lot.quantity, payer).await?;
    ensure!(
        !missing.is_empty(),
        "all pages of lot {lot_number} are open already"
    );
    let purpose = format!("open {} pages of lot {lot_number}", missing.len());
    let transactions = context.submitter()?.bundle(missing);
    Job::of_many(purpose, transactions).run(context).await?;
    Ok(Answer::Yes)
}

/// What opens those pages of a lot of `quantity` units that are not open.
async fn missing_pages(
    context: &Context,
    lot: &Pubkey,
    quantity: u32,
    payer: Pubkey,
) -> Result<Vec<Instruction>> {
    let pages: BTreeMap<u32, Pubkey> = units::pages(0, quantity)
        .map(|number| (number, address::unit_page(lot, number)))
        .collect();
    let open: BTreeMap<Pubkey, custody::UnitPage> =
        context.ledger.get_many(pages.values().copied()).await?;
    Ok(pages
        .iter()
        .filter(|(_, page)| !open.contains_key(page))
        .map(|(&number, _)| instruction::open_unit_page(payer, *lot, number))
        .collect())
}

async fn show(context: &Context, gtin: Gtin, lot_number: LotNumber) -> Result<()> {
    let ledger = &context.ledger;
    let address = address::lot(&address::product(gtin), lot_number);
    let lot: custody::Lot = ledger.get(&address).await?;
    let mut consignments: Vec<(Pubkey, custody::Consignment)> =
        ledger.list(&[Filter::consignment_lot(&address)]).await?;
    consignments.sort_by_key(|(_, consignment)| consignment.first_unit);
    let sites = consignments
        .iter()
        .flat_map(|(_, consignment)| [consignment.custodian, consignment.owner])
        .chain([lot.manufacturer, lot.quarantined_by]);
    let names = SiteNames::read(ledger, sites).await?;
    let report = |(address, consignment): &(Pubkey, custody::Consignment)| ConsignmentReport {
        consignment: consignment_name(&lot, consignment.first_unit),
        address: address.to_string(),
        first_unit: consignment.first_unit,
        quantity: consignment.quantity,
        custodian: names.of(consignment.custodian),
        owner: names.of(consignment.owner),
        status: consignment.status.to_string(),
        open_cases: consignment.open_cases,
        sequence: consignment.sequence,
    };
    let reports = consignments.iter().map(report).collect();
    context.print(&LotReport::new(&address, &lot, &names, reports));
    Ok(())
}

#[derive(Serialize)]
struct LotReport {
    gtin: Gtin,
    lot_number: LotNumber,
    expiry: Expiry,
    expires_at: i64,
    quantity: u32,
    status: String,
    quarantined_by: Option<String>,
    open_cases: u8,
    /// Recalled units, of each recall by its number.
    recalled: Vec<RecalledRun>,
    serial_root: String,
    manifest_hash: String,
    minted_at: i64,
    manufacturer: String,
    address: String,
    consignments: Vec<ConsignmentReport>,
}

#[derive(Serialize)]
struct ConsignmentReport {
    /// As it may be typed.
    consignment: String,
    address: String,
    first_unit: u32,
    quantity: u32,
    custodian: String,
    owner: String,
    status: String,
    open_cases: u8,
    sequence: u32,
}

#[derive(Serialize)]
struct RecalledRun {
    first: u64,
    quantity: u64,
}

impl From<Range<u64>> for RecalledRun {
    fn from(run: Range<u64>) -> Self {
        Self {
            first: run.start,
            quantity: run.end - run.start,
        }
    }
}

impl LotReport {
    fn new(
        address: &Pubkey,
        lot: &custody::Lot,
        names: &SiteNames,
        consignments: Vec<ConsignmentReport>,
    ) -> Self {
        Self {
            gtin: Gtin::from_account(lot.gtin),
            lot_number: LotNumber::from_account(lot.lot_number),
            expiry: Expiry::from_account(lot.expiry),
            expires_at: lot.expires_at,
            quantity: lot.quantity,
            status: lot.status.to_string(),
            quarantined_by: names.find(lot.quarantined_by),
            open_cases: lot.open_cases,
            recalled: lot.recalled_runs().map(RecalledRun::from).collect(),
            serial_root: hex(&lot.serial_root),
            manifest_hash: hex(&lot.manifest_hash),
            minted_at: lot.minted_at,
            manufacturer: names.of(lot.manufacturer),
            address: address.to_string(),
            consignments,
        }
    }

    fn status(&self) -> String {
        match &self.quarantined_by {
            Some(site) => format!("{} by {site}", self.status),
            None => self.status.clone(),
        }
    }

    fn recalled(&self) -> String {
        let runs = self.recalled.iter().filter(|run| run.quantity > 0);
        let runs: Vec<String> = runs
            .map(|run| format!("{} units from unit {}", run.quantity, run.first))
            .collect();
        match runs.is_empty() {
            true => "none".to_owned(),
            false => runs.join(", "),
        }
    }
}

impl Report for LotReport {
    fn text(&self) -> String {
        let consignments = self.consignments.iter().map(|consignment| {
            [
                consignment.consignment.clone(),
                consignment.quantity.to_string(),
                consignment.custodian.clone(),
                consignment.owner.clone(),
                consignment.status.clone(),
                consignment.open_cases.to_string(),
                consignment.sequence.to_string(),
                consignment.address.clone(),
            ]
        });
        format!(
            "{}\n\nConsignments\n{}",
            fields([
                ("Lot", self.lot_number.to_string()),
                ("GTIN", self.gtin.to_string()),
                (
                    "Expiry",
                    format!("{} (expired from {})", self.expiry, time(self.expires_at))
                ),
                ("Units", self.quantity.to_string()),
                ("Manufacturer", self.manufacturer.clone()),
                ("Status", self.status()),
                ("Open cases", self.open_cases.to_string()),
                ("Recalled", self.recalled()),
                ("Serial root", self.serial_root.clone()),
                ("Manifest hash", self.manifest_hash.clone()),
                ("Minted", time(self.minted_at)),
                ("Account", self.address.clone()),
            ]),
            rows(
                [
                    "Consignment",
                    "Units",
                    "Custodian",
                    "Owner",
                    "Status",
                    "Cases",
                    "Sequence",
                    "Account"
                ],
                consignments
            ),
        )
    }
}

#[derive(Serialize)]
#[serde(transparent)]
struct LotList(Vec<LotReport>);

impl Report for LotList {
    fn text(&self) -> String {
        let lots = self.0.iter().map(|lot| {
            [
                lot.gtin.to_string(),
                lot.lot_number.to_string(),
                lot.expiry.to_string(),
                lot.quantity.to_string(),
                lot.status.clone(),
                lot.recalled(),
            ]
        });
        rows(
            ["GTIN", "Lot", "Expiry", "Units", "Status", "Recalled"],
            lots,
        )
    }
}
