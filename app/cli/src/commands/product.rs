//! `pedigree product`

use anyhow::Result;
use clap::{Args, Subcommand};
use pedigree_client::{
    Located, address,
    domain::storage::StorageRange,
    identifier::{Gln, Gtin},
    instruction::registry::ProductDescription,
    lists,
    planning::products::{hand_over, move_to, register, take_over, update},
    registry,
    text::{field_text, text_field},
};
use serde::Serialize;
use solana_pubkey::Pubkey;

use crate::{
    answer::Answer,
    context::Context,
    output::{Report, fields, rows},
    sending::send,
    words::{partner_name, time},
};

#[derive(Subcommand)]
pub enum Product {
    /// Register a product; signed by its manufacturer's site
    Register {
        gtin: Gtin,
        /// GLN of the manufacturer's site
        #[arg(long)]
        manufacturer: Gln,
        #[command(flatten)]
        description: Description,
    },
    /// Correct a product's description
    Update {
        gtin: Gtin,
        #[command(flatten)]
        description: Description,
    },
    /// Offer a product to another manufacturer, who completes the transfer with take-over
    HandOver {
        gtin: Gtin,
        /// GLN of the other manufacturer's site; the product's own cancels an offer
        #[arg(long)]
        to: Gln,
    },
    /// Take over a product that was offered; `pedigree lot adopt` takes over its lots
    TakeOver { gtin: Gtin },
    /// Give a product to another manufacturer, after a dispute or because its own is gone; signed by the
    /// registry authority
    Move {
        gtin: Gtin,
        /// GLN of the other manufacturer's site
        #[arg(long)]
        to: Gln,
    },
    /// Show a product
    Show { gtin: Gtin },
    /// List products
    List {
        /// Only those of this manufacturer's site
        #[arg(long)]
        manufacturer: Option<Gln>,
    },
}

#[derive(Args)]
pub struct Description {
    /// Name, strength and form
    #[arg(long)]
    name: String,
    /// National drug code: in the US the NDC with hyphens
    #[arg(long, value_name = "CODE")]
    national_code: Option<String>,
    /// Storage temperatures on the label in °C, lower first, such as 2..8 or -25..-15.5
    #[arg(
        long,
        value_name = "RANGE",
        default_value = "2..25",
        allow_hyphen_values = true
    )]
    storage: StorageRange,
}

impl TryFrom<Description> for ProductDescription {
    type Error = anyhow::Error;

    fn try_from(description: Description) -> Result<Self> {
        let national_code = description.national_code.as_deref();
        Ok(Self {
            name: text_field("product name", &description.name)?,
            national_code: national_code
                .map_or(Ok([0; 16]), |code| text_field("national drug code", code))?,
            storage_min: description.storage.min,
            storage_max: description.storage.max,
        })
    }
}

fn degrees(tenths: i16) -> f64 {
    f64::from(tenths) / 10.0
}

impl Product {
    pub async fn run(self, context: &Context) -> Result<Answer> {
        let ledger = &context.ledger;
        let plan = match self {
            Self::Register {
                gtin,
                manufacturer,
                description,
            } => {
                register(
                    &context.actor()?,
                    gtin,
                    manufacturer,
                    description.try_into()?,
                )
                .await?
            }
            Self::Update { gtin, description } => {
                update(&context.actor()?, gtin, description.try_into()?).await?
            }
            Self::HandOver { gtin, to } => hand_over(&context.actor()?, gtin, to).await?,
            Self::TakeOver { gtin } => take_over(&context.actor()?, gtin).await?,
            Self::Move { gtin, to } => move_to(&context.actor()?, gtin, to),
            Self::Show { gtin } => {
                let product: Located<registry::Product> =
                    ledger.get(&address::product(gtin)).await?;
                let manufacturer: Located<registry::Partner> =
                    ledger.get(&product.manufacturer).await?;
                let manufacturer = partner_name(&manufacturer);
                context.print(&ProductReport::new(&product, manufacturer));
                return Ok(Answer::Yes);
            }
            Self::List { manufacturer } => {
                let products = lists::products(ledger, manufacturer).await?;
                let reports = products
                    .iter()
                    .map(|product| ProductReport::new(product, product.manufacturer.to_string()));
                context.print(&ProductList(reports.collect()));
                return Ok(Answer::Yes);
            }
        };
        send(context, plan).await?;
        Ok(Answer::Yes)
    }
}

#[derive(Serialize)]
struct ProductReport {
    gtin: Gtin,
    name: String,
    national_code: Option<String>,
    storage_min_celsius: f64,
    storage_max_celsius: f64,
    manufacturer: String,
    pending_manufacturer: Option<String>,
    registered_at: i64,
    address: String,
}

impl ProductReport {
    fn new(product: &Located<registry::Product>, manufacturer: String) -> Self {
        Self {
            gtin: product.gtin(),
            name: field_text(&product.name),
            national_code: product.national_code().map(|code| field_text(code)),
            storage_min_celsius: degrees(product.storage_min),
            storage_max_celsius: degrees(product.storage_max),
            manufacturer,
            pending_manufacturer: product.pending_manufacturer().map(Pubkey::to_string),
            registered_at: product.registered_at,
            address: product.address.to_string(),
        }
    }
}

impl Report for ProductReport {
    fn text(&self) -> String {
        let none = || "none".to_owned();
        fields([
            ("Name", self.name.clone()),
            ("GTIN", self.gtin.to_string()),
            (
                "National code",
                self.national_code.clone().unwrap_or_else(none),
            ),
            (
                "Storage",
                format!(
                    "{} to {} °C",
                    self.storage_min_celsius, self.storage_max_celsius
                ),
            ),
            ("Manufacturer", self.manufacturer.clone()),
            (
                "Offered to",
                self.pending_manufacturer.clone().unwrap_or_else(none),
            ),
            ("Registered", time(self.registered_at)),
            ("Account", self.address.clone()),
        ])
    }
}

#[derive(Serialize)]
#[serde(transparent)]
struct ProductList(Vec<ProductReport>);

impl Report for ProductList {
    fn text(&self) -> String {
        let products = self.0.iter().map(|product| {
            [
                product.gtin.to_string(),
                product.name.clone(),
                product.manufacturer.clone(),
            ]
        });
        rows(["GTIN", "Name", "Manufacturer"], products)
    }
}
