//! How soon a pack is verified, alone and in bulk, against a ledger with many lots.

mod bulk;
mod pack;
mod single;
mod stock;

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::{Args, value_parser};
use pedigree_manifest::Manifest;

pub use self::{
    bulk::{Bulk, FALSIFIED_EVERY, NOT_THE_LOTS},
    single::Singles,
    stock::{PRODUCTS, Stock},
};
use pack::Pack;

use crate::{
    connection::Connection,
    machine::Processes,
    node::{self, Node},
    partners::Partners,
};

/// Where the choice of packs starts: the same in each run.
const SEED: u64 = 0x9506;

/// Options of this part.
#[derive(Args, Clone, Debug, PartialEq, Eq)]
#[group(skip)]
pub struct Settings {
    /// Lots on the ledger of which packs are verified, each with its manifest and its page
    #[arg(long, default_value_t = 1_000, value_parser = value_parser!(u16).range(1..=10_000))]
    pub verify_lots: u16,

    /// Units of each of them
    #[arg(long, default_value_t = 1_000, value_parser = value_parser!(u32).range(1..=8_192))]
    pub verify_units: u32,

    /// Packs that are verified one after the other
    #[arg(long, default_value_t = 2_000, value_parser = value_parser!(u32).range(1..))]
    pub single_packs: u32,

    /// Packs in the list that `pedigree scan` reads
    #[arg(long, default_value_t = 10_000, value_parser = value_parser!(u32).range(1..))]
    pub bulk_packs: u32,

    /// The `pedigree` command that reads them; `cargo xtask load` names the one that it compiles
    #[arg(long, value_name = "FILE", default_value = "pedigree")]
    pub pedigree: PathBuf,
}

/// The result of the verification.
pub struct Findings {
    pub stock: stock::Findings,
    pub singles: Singles,
    pub bulk: Bulk,
}

impl Findings {
    /// What must not be, in words.
    pub fn faults(&self) -> Vec<String> {
        let faults = self.singles.faults.iter().chain(&self.bulk.faults);
        faults.cloned().collect()
    }
}

/// Measures on one node.
pub async fn run(settings: &Settings, node: &node::Settings) -> Result<Findings> {
    let node = Node::new(node)?;
    let mut processes = Processes::new(node.process_id())?;
    let connection = Connection::open(node.url()).await?;
    let partners = Partners::admit(&node, &connection, 0).await?;
    let &Settings {
        verify_lots,
        verify_units,
        single_packs,
        bulk_packs,
        ..
    } = settings;
    eprintln!("verification: setting up {verify_lots} lots of {verify_units} units");
    let stock = Stock::set_up(&partners, verify_lots.into(), verify_units).await?;
    let mut random = fastrand::Rng::with_seed(SEED);

    eprintln!("verification: {single_packs} packs one after the other");
    let packs = choose(&stock, single_packs, &mut random)?;
    let singles = single::verify(node.url(), stock.folder(), &packs, &mut processes).await?;

    eprintln!("verification: {bulk_packs} packs in bulk");
    let packs = choose(&stock, bulk_packs, &mut random)?;
    let bulk = bulk::scan(
        &settings.pedigree,
        node.url(),
        stock.folder(),
        packs,
        &mut processes,
    )?;
    Ok(Findings {
        stock: stock.findings,
        singles,
        bulk,
    })
}

/// `count` packs at random from all units of all lots.
fn choose(stock: &Stock, count: u32, random: &mut fastrand::Rng) -> Result<Vec<Pack>> {
    (0..count)
        .map(|_| {
            let file = random.choice(&stock.manifests).context("no lots")?;
            let manifest = Manifest::open(file)?;
            let lot = manifest.lot();
            Ok(Pack {
                gtin: lot.gtin,
                lot_number: lot.lot_number.clone(),
                serial: manifest.unit(random.u32(manifest.units()))?.serial,
            })
        })
        .collect()
}
