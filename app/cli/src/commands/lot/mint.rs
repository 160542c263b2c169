//! `pedigree lot mint`

use std::{
    fs::File,
    io::BufReader,
    ops::ControlFlow,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail, ensure};
use clap::Args;
use pedigree_client::{
    address, custody,
    identifier::{Expiry, Gtin, LotNumber},
    instruction::custody::{self as instruction, LotLabel},
    registry,
};
use pedigree_manifest::{Manifest, SerialList};
use solana_pubkey::Pubkey;
use solana_signer::Signer;

use super::pages::missing_pages;
use crate::{Answer, arguments::Digest, commands::manifest::meter, context::Context, sending::Job};

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
    pub async fn run(self, context: &Context) -> Result<Answer> {
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
            manifest.for_each(manifest.units(), |unit| {
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
