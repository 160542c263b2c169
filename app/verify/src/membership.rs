//! Looking serial numbers up in a lot's manifest.

use pedigree_manifest::Manifest;
use solana_pubkey::Pubkey;

use crate::{
    error::{Error, Result},
    verdict::Membership,
};

/// Looks a serial number of the lot at `lot` up in `manifest`. `None`: a partial manifest does not list it,
/// so the rest of the lot may.
///
/// # Errors
///
/// [`Error::OtherLot`] if the manifest is of another lot, or why it cannot be read.
pub fn membership(manifest: &Manifest, lot: &Pubkey, serial: &str) -> Result<Option<Membership>> {
    check_lot(manifest, lot)?;
    Ok(match manifest.find(serial)? {
        None => (!manifest.is_partial()).then_some(Membership::Absent),
        Some(unit) => Some(Membership::Unit {
            index: unit.index,
            salt: unit.salt,
            proof: manifest.prove(unit.index)?,
        }),
    })
}

/// The indices of the units of the lot at `lot` that carry these serial numbers, ascending, each once.
///
/// # Errors
///
/// [`Error::OtherLot`] if the manifest is of another lot, [`Error::UnknownSerial`] if it does not list
/// one of them, or why it cannot be read.
pub fn units(manifest: &Manifest, lot: &Pubkey, serials: &[String]) -> Result<Vec<u32>> {
    check_lot(manifest, lot)?;
    let mut units = Vec::with_capacity(serials.len());
    for serial in serials {
        let unit = manifest.find(serial)?;
        let unit = unit.ok_or_else(|| Error::UnknownSerial(serial.clone()))?;
        units.push(unit.index);
    }
    units.sort_unstable();
    units.dedup();
    Ok(units)
}

/// A manifest of another lot says nothing about this lot's serial numbers.
fn check_lot(manifest: &Manifest, lot: &Pubkey) -> Result<()> {
    let of = manifest.lot();
    match of.address == lot.to_bytes() {
        true => Ok(()),
        false => Err(Error::OtherLot {
            gtin: of.gtin,
            lot_number: of.lot_number.clone(),
        }),
    }
}
