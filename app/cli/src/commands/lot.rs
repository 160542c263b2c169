//! `pedigree lot`

use std::{collections::BTreeMap, ops::Range};

use anyhow::{Result, ensure};
use clap::Subcommand;
use pedigree_client::{
    address, custody,
    identifier::{Expiry, Gtin, LotNumber},
    instruction::custody::{self as instruction, LotLabel},
    ledger::Filter,
    registry, units,
};
use serde::Serialize;
use solana_instruction::Instruction;
use solana_pubkey::Pubkey;
use solana_signer::Signer;

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
    /// Mint a lot; signed by the product's manufacturer
    Mint {
        gtin: Gtin,
        lot_number: LotNumber,
        /// The label's date: YYYY-MM-DD, or YYYY-MM for the last of the month
        #[arg(long)]
        expiry: Expiry,
        /// Units in the lot
        #[arg(long)]
        quantity: u32,
        /// Root of the serial numbers' Merkle tree [default: not serialised]
        #[arg(long, value_name = "SHA-256")]
        serial_root: Option<Digest>,
        /// SHA-256 of the lot's manifest [default: none]
        #[arg(long, value_name = "SHA-256")]
        manifest_hash: Option<Digest>,
    },
    /// Open the pages on which a lot's units are followed one by one; whoever pays for them may
    OpenPages { gtin: Gtin, lot_number: LotNumber },
    /// Show a lot and who holds its units
    Show { gtin: Gtin, lot_number: LotNumber },
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
            Self::Mint {
                gtin,
                lot_number,
                expiry,
                quantity,
                serial_root,
                manifest_hash,
            } => {
                let product_address = address::product(gtin);
                let product: registry::Product = context.ledger.get(&product_address).await?;
                let label = LotLabel {
                    lot_number,
                    expiry,
                    quantity,
                    serial_root: serial_root.unwrap_or_default().0,
                    manifest_hash: manifest_hash.unwrap_or_default().0,
                };
                let manufacturer: registry::Partner =
                    context.ledger.get(&product.manufacturer).await?;
                let instruction = instruction::mint_lot(
                    context.fee_payer()?.pubkey(),
                    context.acting_for(manufacturer.gln).await?,
                    product_address,
                    &label,
                );
                let purpose =
                    format!("mint lot {lot_number} of {gtin}: {quantity} units, expiry {expiry}");
                context.execute(&purpose, instruction).await?;
            }
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

/// Opens those of the lot's pages that are not open yet.
async fn open_pages(context: &Context, gtin: Gtin, lot_number: LotNumber) -> Result<Answer> {
    let address = address::lot(&address::product(gtin), lot_number);
    let lot: custody::Lot = context.ledger.get(&address).await?;
    let payer = context.fee_payer()?.pubkey();
    let pages: BTreeMap<u32, Pubkey> = units::pages_of(&lot)
        .map(|number| (number, address::unit_page(&address, number)))
        .collect();
    let open: BTreeMap<Pubkey, custody::UnitPage> =
        context.ledger.get_many(pages.values().copied()).await?;
    let missing: Vec<Instruction> = pages
        .iter()
        .filter(|(_, page)| !open.contains_key(page))
        .map(|(&number, _)| instruction::open_unit_page(payer, address, number))
        .collect();
    ensure!(
        !missing.is_empty(),
        "all {} pages of lot {lot_number} are open already",
        pages.len()
    );
    let purpose = format!("open {} pages of lot {lot_number}", missing.len());
    let transactions = context.submitter()?.bundle(missing);
    Job::of_many(purpose, transactions).run(context).await?;
    Ok(Answer::Yes)
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
