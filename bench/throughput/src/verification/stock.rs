//! The lots whose packs are verified: minted by the programs, each with a manifest of serial numbers
//! and an open page.

use std::{
    ops::ControlFlow,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use anchor_lang::Address;
use anyhow::{Result, ensure};
use custody::{Lot, UnitPage};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use pedigree_domain::gs1;
use pedigree_interface::{
    identifier::{Gtin, LotNumber},
    instruction::custody::{self as to_custody, LotLabel},
};
use pedigree_manifest::{Manifest, SerialList};
use program_tests::{
    address, layout,
    world::{COMPANY_PREFIX, GTIN},
};
use tempfile::TempDir;
use tokio::task::spawn_blocking;

use crate::partners::{EXPIRY, Partners};

/// Products that the lots are of, in turn.
pub const PRODUCTS: usize = 10;
/// Lots that are made at a time.
const AT_ONCE: usize = 32;

/// The lots.
pub struct Stock {
    folder: TempDir,
    /// The file of each lot's manifest.
    pub manifests: Vec<PathBuf>,
    pub findings: Findings,
}

/// What was set up, read back from the ledger.
pub struct Findings {
    pub lots: usize,
    /// Of all lots together.
    pub units: u64,
    pub pages: usize,
    /// What it took to write the manifests and to mint the lots with their pages.
    pub elapsed: Duration,
}

/// A lot and its manifest.
struct Made {
    address: Address,
    manifest: PathBuf,
    root: [u8; 32],
}

impl Stock {
    /// Makes `lots` lots of `units` units each, which one page holds.
    pub async fn set_up(partners: &Partners<'_>, lots: usize, units: u32) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let start = Instant::now();
        let gtins: Vec<Gtin> = (0..PRODUCTS as u64).map(gtin).collect();
        for &gtin in gtins.iter().filter(|&&gtin| gtin != GTIN) {
            partners.register_product(gtin).await?;
        }
        let made: Vec<Made> = stream::iter(0..lots)
            .map(|number| {
                let gtin = gtins[number % PRODUCTS];
                make_lot(partners, folder.path(), gtin, number, units)
            })
            .buffered(AT_ONCE)
            .try_collect()
            .await?;
        let elapsed = start.elapsed();

        let addresses: Vec<Address> = made.iter().map(|made| made.address).collect();
        let pages = addresses.iter().map(|lot| address::unit_page(lot, 0));
        let pages: Vec<Address> = pages.collect();
        let accounts = partners.connection.accounts(&addresses).await?;
        let mut units_found = 0;
        for (account, made) in accounts.iter().zip(&made) {
            let lot: Lot = layout::decode(account);
            units_found += u64::from(lot.quantity);
            ensure!(
                lot.serial_root == made.root,
                "{}: the ledger has another root than the manifest",
                made.address
            );
        }
        let page_accounts = partners.connection.accounts(&pages).await?;
        for (account, lot) in page_accounts.iter().zip(&addresses) {
            let page: UnitPage = layout::decode(account);
            ensure!(page.lot == *lot, "{lot}: its page is another lot's");
        }
        Ok(Self {
            folder,
            manifests: made.into_iter().map(|made| made.manifest).collect(),
            findings: Findings {
                lots: accounts.len(),
                units: units_found,
                pages: page_accounts.len(),
                elapsed,
            },
        })
    }

    /// Where the manifests are, and nothing else.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }
}

/// The GTIN of product `number` of the manufacturer's.
const fn gtin(number: u64) -> Gtin {
    let body = COMPANY_PREFIX.first() + 20_000 + number;
    Gtin::from_account(body * 10 + gs1::check_digit(body) as u64)
}

/// Writes a lot's manifest and mints the lot with it, as `pedigree lot mint --generate` does.
async fn make_lot(
    partners: &Partners<'_>,
    folder: &Path,
    gtin: Gtin,
    number: usize,
    units: u32,
) -> Result<Made> {
    let lot_number = format!("V-{number:04}-{}", partners.run);
    let file = folder.join(&lot_number);
    let product = address::product(gtin);
    let label_number: LotNumber = lot_number.parse()?;
    let address = address::lot(&product, label_number);
    let manifest = spawn_blocking({
        let (file, lot_number) = (file.clone(), lot_number.clone());
        move || {
            let lot = pedigree_manifest::Lot {
                gtin: gtin.number(),
                lot_number,
                expiry: EXPIRY.label(),
                address: address.to_bytes(),
            };
            let list = SerialList::generate(units)?;
            let manifest = Manifest::create(file, lot, &list, |_| ControlFlow::Continue(()))?;
            anyhow::Ok((*manifest.root(), *manifest.manifest_hash()))
        }
    });
    let (root, manifest_hash) = manifest.await??;
    let label = LotLabel {
        lot_number: label_number,
        expiry: EXPIRY,
        quantity: units,
        serial_root: Some(root),
        manifest_hash: Some(manifest_hash),
    };
    let payer = partners.board.key();
    let manufacturer = &partners.manufacturer;
    let steps = [
        to_custody::mint_lot(payer, manufacturer.site, product, &label),
        to_custody::open_unit_page(payer, address, 0),
    ];
    partners.sign(&steps, &[manufacturer]).await?;
    Ok(Made {
        address,
        manifest: file,
        root,
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_product_has_a_gtin_of_the_manufacturers() {
        let gtins: BTreeSet<Gtin> = (0..PRODUCTS as u64).map(gtin).collect();
        assert_eq!(gtins.len(), PRODUCTS);
        for gtin in gtins {
            assert!(gs1::is_valid_key(gtin.number(), gs1::GTIN_DIGITS), "{gtin}");
            assert!(COMPANY_PREFIX.covers_gtin(gtin.number()), "{gtin}");
        }
    }
}
