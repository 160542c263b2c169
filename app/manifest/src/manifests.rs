//! Looking serial numbers up in many manifests: of one product, or of everything that a firm packed.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
};

use crate::{
    error::{Error, Result},
    manifest::{Manifest, Unit},
};
use custody_rules::serial_tree::Proof;

/// A unit of one of the manifests, with the proof that it belongs to its lot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The lot's number.
    pub lot_number: String,
    /// The unit.
    pub unit: Unit,
    /// The proof, for [`crate::verify`].
    pub proof: Proof,
}

/// Open manifests, by product and lot; a lot may have several partial ones.
///
/// A look-up reads a few pages of the files, so a million serial numbers take no memory. Several threads
/// may look up at the same time.
#[derive(Debug, Default)]
pub struct Manifests {
    /// By GTIN and lot number. Only one thread at a time may use a connection to SQLite.
    lots: BTreeMap<u64, BTreeMap<String, Vec<Mutex<Manifest>>>>,
}

impl Manifests {
    /// Opens these files.
    ///
    /// # Errors
    ///
    /// If one of them cannot be read or is not a manifest.
    pub fn open(files: impl IntoIterator<Item = impl AsRef<Path>>) -> Result<Self> {
        let mut manifests = Self::default();
        for file in files {
            manifests.add(Manifest::open(file)?);
        }
        Ok(manifests)
    }

    /// Opens every manifest in `folder`. Files of other kinds are skipped.
    ///
    /// # Errors
    ///
    /// If the folder or one of its files cannot be read, or a manifest is damaged or has a newer format.
    pub fn in_folder(folder: impl AsRef<Path>) -> Result<Self> {
        let mut manifests = Self::default();
        for entry in fs::read_dir(folder)? {
            let file: PathBuf = entry?.path();
            if !file.is_file() {
                continue;
            }
            match Manifest::open(&file) {
                Ok(manifest) => manifests.add(manifest),
                Err(Error::NotAManifest(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(manifests)
    }

    fn add(&mut self, manifest: Manifest) {
        let lot = manifest.lot();
        let lots = self.lots.entry(lot.gtin).or_default();
        let of_lot = lots.entry(lot.lot_number.clone()).or_default();
        of_lot.push(Mutex::new(manifest));
    }

    /// The number of lots with a manifest.
    pub fn lots(&self) -> usize {
        self.lots.values().map(BTreeMap::len).sum()
    }

    /// Whether there is a manifest of any lot of this product, whose GTIN is a number.
    pub fn has_product(&self, gtin: u64) -> bool {
        self.lots.contains_key(&gtin)
    }

    /// Whether there is a manifest of all units of this lot. A serial number that is not in it does not
    /// belong to the lot.
    pub fn has_whole_lot(&self, gtin: u64, lot_number: &str) -> bool {
        let manifests = self.lots.get(&gtin).and_then(|lots| lots.get(lot_number));
        manifests.is_some_and(|manifests| manifests.iter().any(|one| !lock(one).is_partial()))
    }

    /// The unit of this product with the serial number `serial`: in the lot `lot_number` if it is there,
    /// otherwise in any other, because serial numbers are unique within a product (General
    /// Specifications, section 3.5.2) and a lot number may be misread.
    ///
    /// # Errors
    ///
    /// If a file cannot be read or is damaged.
    pub fn find(&self, gtin: u64, lot_number: &str, serial: &str) -> Result<Option<Found>> {
        let Some(lots) = self.lots.get(&gtin) else {
            return Ok(None);
        };
        let named = lots.get_key_value(lot_number).into_iter();
        let others = lots.iter().filter(|(number, _)| *number != lot_number);
        for (number, manifests) in named.chain(others) {
            for manifest in manifests {
                let manifest = lock(manifest);
                if let Some(unit) = manifest.find(serial)? {
                    return Ok(Some(Found {
                        lot_number: number.clone(),
                        proof: manifest.prove(unit.index)?,
                        unit,
                    }));
                }
            }
        }
        Ok(None)
    }
}

/// Locks a manifest for this thread. A look-up that panicked leaves it usable, since it only reads.
fn lock(manifest: &Mutex<Manifest>) -> MutexGuard<'_, Manifest> {
    manifest.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::ops::ControlFlow;

    use tempfile::TempDir;

    use super::*;
    use crate::{manifest::Lot, serial_list::SerialList};
    use custody_rules::serial_tree::verify;

    const GTIN: u64 = 9_506_000_134_352;

    fn write(folder: &TempDir, lot_number: &str, serials: &str) -> Manifest {
        let lot = Lot {
            gtin: GTIN,
            lot_number: lot_number.to_owned(),
            expiry: 20_290_200,
            address: [lot_number.as_bytes()[0]; 32],
        };
        let list = SerialList::read(serials.as_bytes()).unwrap();
        let path = folder.path().join(lot_number);
        Manifest::create(path, lot, &list, |_| ControlFlow::Continue(())).unwrap()
    }

    #[test]
    fn a_serial_number_is_found_in_its_lot_or_another_one_of_the_product() {
        let folder = TempDir::new().unwrap();
        let first = write(&folder, "A1", "SN-1\nSN-2\n");
        write(&folder, "B2", "SN-3\n");
        fs::write(folder.path().join("notes.txt"), "not a manifest").unwrap();
        let manifests = Manifests::in_folder(&folder).unwrap();
        assert_eq!(manifests.lots(), 2);
        assert!(manifests.has_product(GTIN) && !manifests.has_product(GTIN + 1));
        assert!(manifests.has_whole_lot(GTIN, "A1") && !manifests.has_whole_lot(GTIN, "C3"));

        let found = manifests.find(GTIN, "A1", "SN-2").unwrap().unwrap();
        let Unit { index, salt, .. } = found.unit;
        let address = &first.lot().address;
        assert!(verify(
            first.root(),
            address,
            2,
            index,
            "SN-2",
            &salt,
            &found.proof
        ));
        for lot_number in ["A1", "C3"] {
            let found = manifests.find(GTIN, lot_number, "SN-3").unwrap().unwrap();
            assert_eq!(found.lot_number, "B2");
        }
        assert_eq!(manifests.find(GTIN, "A1", "SN-4").unwrap(), None);
        assert_eq!(manifests.find(GTIN + 1, "A1", "SN-1").unwrap(), None);
    }

    #[test]
    fn a_partial_manifest_is_not_of_the_whole_lot() {
        let folder = TempDir::new().unwrap();
        let whole = write(&folder, "A1", "SN-1\nSN-2\n");
        let part = folder.path().join("part");
        whole
            .extract(0..1, &part, |_| ControlFlow::Continue(()))
            .unwrap();
        assert!(!Manifests::open([&part]).unwrap().has_whole_lot(GTIN, "A1"));
        assert!(
            Manifests::in_folder(&folder)
                .unwrap()
                .has_whole_lot(GTIN, "A1")
        );
    }

    #[test]
    fn a_named_file_must_be_a_manifest() {
        let folder = TempDir::new().unwrap();
        let notes = folder.path().join("notes.txt");
        fs::write(&notes, "not a manifest").unwrap();
        assert!(matches!(
            Manifests::open([&notes]),
            Err(Error::NotAManifest(_))
        ));
        assert!(Manifests::in_folder(notes).is_err());
    }
}
