//! `pedigree inventory`

use anyhow::Result;
use chrono::Utc;
use clap::Args;
use pedigree_client::{
    Ledger,
    identifier::{Expiry, Gln, Gtin, LotNumber, Sscc},
    stock::{Item, held_by, owned_by},
    text::field_text,
};
use serde::Serialize;

use crate::{
    answer::Answer,
    context::Context,
    names::SiteNames,
    output::{Report, rows},
    words::consignment_name,
};

/// List what a site holds.
///
/// Units, what keeps them from being sold, packages and owners.
#[derive(Args)]
pub struct Inventory {
    /// GLN of the site [default: the acting keypair's]
    #[arg(long)]
    site: Option<Gln>,
    /// What the site owns, wherever it is, instead of what it holds
    #[arg(long)]
    owned: bool,
    /// Include what has left the chain: destroyed, sampled, stolen, exported
    #[arg(long)]
    all: bool,
}

impl Inventory {
    pub async fn run(self, context: &Context) -> Result<Answer> {
        let ledger = &context.ledger;
        let site = context.own_gln(self.site).await?;
        let items = if self.owned {
            owned_by(ledger, site, self.all).await?
        } else {
            held_by(ledger, site, self.all).await?
        };
        let report = StockReport::new(ledger, &items).await?;
        context.print(&report);
        Ok(Answer::Yes)
    }
}

/// Consignments, as they are printed.
#[derive(Serialize)]
pub struct StockReport {
    consignments: Vec<ItemReport>,
    total_units: u64,
}

#[derive(Serialize)]
struct ItemReport {
    /// As it may be typed.
    consignment: String,
    address: String,
    product: String,
    gtin: Gtin,
    lot_number: LotNumber,
    expiry: Expiry,
    first_unit: u32,
    quantity: u32,
    status: String,
    /// What keeps the units from going down the chain.
    obstacles: Vec<&'static str>,
    open_cases: u8,
    sscc: Option<Sscc>,
    custodian: String,
    owner: String,
}

impl StockReport {
    pub async fn new(ledger: &Ledger, items: &[Item]) -> Result<Self> {
        let sites = items
            .iter()
            .flat_map(|item| [item.consignment.custodian(), item.consignment.owner()]);
        let names = SiteNames::read(ledger, sites).await?;
        let now = Utc::now().timestamp();
        let report = |item: &Item| {
            let Item {
                consignment,
                lot,
                product,
            } = item;
            ItemReport {
                consignment: consignment_name(lot, consignment.first_unit),
                address: consignment.address.to_string(),
                product: field_text(&product.name),
                gtin: lot.gtin(),
                lot_number: lot.lot_number(),
                expiry: lot.expiry(),
                first_unit: consignment.first_unit,
                quantity: consignment.quantity,
                status: consignment.status.to_string(),
                obstacles: item.obstacles(now),
                open_cases: consignment.open_cases,
                sscc: consignment.sscc(),
                custodian: names.of(consignment.custodian()),
                owner: names.of(consignment.owner()),
            }
        };
        Ok(Self {
            consignments: items.iter().map(report).collect(),
            total_units: items
                .iter()
                .map(|item| u64::from(item.consignment.quantity))
                .sum(),
        })
    }
}

impl Report for StockReport {
    fn text(&self) -> String {
        let items = self.consignments.iter().map(|item| {
            let status = std::iter::once(item.status.as_str())
                .chain(item.obstacles.iter().copied())
                .collect::<Vec<_>>()
                .join(", ");
            let cases = match item.open_cases {
                0 => String::new(),
                open => open.to_string(),
            };
            [
                item.consignment.clone(),
                item.product.clone(),
                item.expiry.to_string(),
                item.quantity.to_string(),
                status,
                cases,
                item.sscc.map_or_else(String::new, |sscc| sscc.to_string()),
                item.custodian.clone(),
                item.owner.clone(),
            ]
        });
        let table = rows(
            [
                "Consignment",
                "Product",
                "Expiry",
                "Units",
                "Status",
                "Cases",
                "SSCC",
                "Custodian",
                "Owner",
            ],
            items,
        );
        let consignments = match self.consignments.len() {
            1 => "1 consignment".to_owned(),
            several => format!("{several} consignments"),
        };
        format!("{table}\n{consignments}, {} units", self.total_units)
    }
}
