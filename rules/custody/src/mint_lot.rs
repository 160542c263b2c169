use pedigree_domain::{Roles, ensure, expiry};
use registry_rules::{Partner, Product};
use solana_address::Address;

use crate::{
    error::{CustodyError, Result},
    signer::ineligible_sender,
    state::{Consignment, Lot},
};

/// What the manufacturer prints on the packs of a lot, and the commitment to their serials.
#[derive(Clone, Copy, Debug)]
pub struct LotLabel {
    /// GS1 character set 82, then zeros.
    pub lot_number: [u8; 20],
    /// Label date `YYYYMMDD`, day 00 = last of the month.
    pub expiry: u32,
    /// Units in the lot.
    pub quantity: u32,
    /// Root of the manifest's Merkle tree; zeros = not serialised.
    pub serial_root: [u8; 32],
    /// SHA-256 of the manifest; zeros = none.
    pub manifest_hash: [u8; 32],
}

/// Creates a lot at Unix time `now`, and the consignment that holds all its units.
///
/// - `manufacturer` is licensed as a manufacturer or a repackager, and the licence is in force.
/// - The label's lot number, expiry and quantity are valid, and the lot has not expired yet.
#[inline(always)]
pub fn mint_lot(
    manufacturer: &Partner,
    (product_address, product): (&Address, &Product),
    (lot_address, lot): (&Address, &mut Lot),
    consignment: &mut Consignment,
    label: &LotLabel,
    now: i64,
) -> Result {
    manufacturer
        .check_trade(now, Roles::MANUFACTURER.union(Roles::REPACKAGER))
        .map_err(ineligible_sender)?;
    let expires_at = expiry::expires_at(label.expiry).ok_or(CustodyError::InvalidExpiry)?;
    ensure!(now < expires_at, CustodyError::LotExpired);

    lot.expires_at = expires_at;
    lot.quantity = label.quantity;
    lot.expiry = label.expiry;
    lot.lot_number = label.lot_number;
    lot.gtin = product.gtin;
    lot.product = *product_address;
    lot.series = product.series;
    lot.manufacturer = manufacturer.gln;
    lot.minted_by = manufacturer.gln;
    lot.serial_root = label.serial_root;
    lot.manifest_hash = label.manifest_hash;
    lot.minted_at = now;
    lot.invariant()?;

    consignment.commission(
        lot_address,
        manufacturer.gln,
        label.manifest_hash,
        label.quantity,
    );
    consignment.invariant(lot)
}
