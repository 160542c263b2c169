//! `pedigree lot mint`

use std::{
    fs::File,
    io::BufReader,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail};
use clap::Args;
use pedigree_client::{
    identifier::{Expiry, Gtin, LotNumber},
    instruction::custody::LotLabel,
    planning::minting::{mint, mint_with_pages, next_lot},
};
use pedigree_manifest::{Manifest, SerialList};
use solana_pubkey::Pubkey;

use crate::{answer::Answer, arguments::Digest, context::Context, meter::meter, sending::send};

/// Mint a lot.
///
/// Signed by the product's manufacturer. With serial numbers, the lot's manifest is written first
/// and its pages are opened as well; if that is interrupted, the same command continues from there.
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
    /// Units in the lot, without serial numbers
    #[arg(long)]
    quantity: Option<u32>,
    /// The packaging line's serial numbers, in packing order: one a line, or CSV with a column
    /// `serial` and optionally `sscc`
    #[arg(long, value_name = "FILE")]
    serials: Option<PathBuf>,
    /// Generate this many random serial numbers
    #[arg(long, value_name = "N")]
    generate: Option<u32>,
}

impl Mint {
    pub async fn run(self, context: &Context) -> Result<Answer> {
        let actor = context.actor()?;
        let plan = match &self.manifest {
            None => {
                let label = LotLabel {
                    lot_number: self.lot_number,
                    expiry: self.expiry,
                    quantity: self.size.quantity.unwrap_or_default(),
                    serial_root: self.serial_root.map(|digest| digest.0),
                    manifest_hash: self.manifest_hash.map(|digest| digest.0),
                };
                mint(&actor, self.gtin, &label).await?
            }
            Some(file) => {
                let lot = next_lot(&context.ledger, self.gtin, self.lot_number).await?;
                let manifest = self.open_manifest(context, file, &lot)?;
                let label = LotLabel {
                    lot_number: self.lot_number,
                    expiry: self.expiry,
                    quantity: manifest.quantity(),
                    serial_root: Some(*manifest.root()),
                    manifest_hash: Some(*manifest.manifest_hash()),
                };
                mint_with_pages(&actor, self.gtin, &label).await?
            }
        };
        send(context, plan).await?;
        Ok(Answer::Yes)
    }

    /// The lot's manifest: the file if it is there, else written from the serial numbers.
    fn open_manifest(&self, context: &Context, file: &Path, lot: &Pubkey) -> Result<Manifest> {
        let lot = pedigree_manifest::Lot {
            gtin: self.gtin.number(),
            lot_number: self.lot_number.to_string(),
            expiry: self.expiry.label(),
            address: lot.to_bytes(),
        };
        if !file.try_exists()? {
            let progress = meter(context).on_progress();
            return Ok(Manifest::create(file, lot, &self.serials()?, progress)?);
        }
        let list = match self.size.serials {
            Some(_) => Some(self.serials()?),
            None => None,
        };
        Ok(Manifest::reopen(file, &lot, list.as_ref())?)
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
                "the manifest does not exist yet: give its serial numbers with --serials, or have some \
                 generated with --generate"
            ),
        }
    }
}
