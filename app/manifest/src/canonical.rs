//! The manifest hash: SHA-256 over the manifest's contents in a fixed order.
//!
//! SQLite files with the same contents may differ in their bytes, so the hash is over this stream, in
//! which integers are little-endian:
//!
//! ```text
//! "pedigree manifest 1" 00 ‖ lot address (32) ‖ GTIN (8) ‖ lot number, zero padded (20)
//!   ‖ expiry YYYYMMDD (4) ‖ quantity (4) ‖ root (32)
//!   ‖ for each unit, by index: length of serial (1) ‖ serial ‖ salt (16) ‖ SSCC, 0 for none (8)
//! ```

use pedigree_domain::lot_number::LOT_NUMBER_BYTES;
use sha2::{Digest, Sha256};

use crate::manifest::Lot;
use custody_rules::serial_tree::{Hash, Salt};

/// The stream, hashed as it is written.
pub(crate) struct CanonicalStream(Sha256);

impl CanonicalStream {
    /// Starts the stream. `lot_number` is the lot's, padded with zeros.
    pub(crate) fn new(
        lot: &Lot,
        lot_number: &[u8; LOT_NUMBER_BYTES],
        quantity: u32,
        root: &Hash,
    ) -> Self {
        Self(
            Sha256::new()
                .chain_update(b"pedigree manifest 1\0")
                .chain_update(lot.address)
                .chain_update(lot.gtin.to_le_bytes())
                .chain_update(lot_number)
                .chain_update(lot.expiry.to_le_bytes())
                .chain_update(quantity.to_le_bytes())
                .chain_update(root),
        )
    }

    /// Adds the next unit.
    pub(crate) fn unit(&mut self, serial: &str, salt: &Salt, package: Option<u64>) {
        self.0.update([serial.len() as u8]);
        self.0.update(serial);
        self.0.update(salt);
        self.0.update(package.unwrap_or(0).to_le_bytes());
    }

    /// The hash of the whole stream.
    pub(crate) fn finish(self) -> Hash {
        self.0.finalize().into()
    }
}

#[cfg(test)]
mod tests {
    use pedigree_domain::lot_number;

    use super::*;
    use custody_rules::serial_tree as tree;

    /// Computed with Python's hashlib from the stream above.
    #[test]
    fn known_answer() {
        let lot = Lot {
            gtin: 9_506_000_134_352,
            lot_number: "A1".to_owned(),
            expiry: 20_290_200,
            address: [7; 32],
        };
        let units = [
            ("A1", None),
            ("B-2", None),
            ("12345678901234567890", Some(106_141_412_345_678_908)),
        ];
        let salt = |index: u32| [index as u8 + 1; tree::SALT_BYTES];
        let leaves: Vec<Hash> = units
            .iter()
            .zip(0..)
            .map(|((serial, _), index)| tree::leaf(&lot.address, index, serial, &salt(index)))
            .collect();
        let number = lot_number::from_text(&lot.lot_number).unwrap();
        let mut stream = CanonicalStream::new(&lot, &number, 3, &tree::root(&leaves));
        for ((serial, package), index) in units.into_iter().zip(0..) {
            stream.unit(serial, &salt(index), package);
        }
        assert_eq!(
            hex::encode(stream.finish()),
            "035b54ede636e979d51680f268bfa9daf8a213bb8fe5cb419782c7acee757eac"
        );
    }
}
