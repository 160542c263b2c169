//! Creating a manifest: salts, tree, file.

use std::{
    collections::BTreeMap,
    ops::{ControlFlow, Range},
    path::Path,
};

use rusqlite::params;

use super::{Lot, Manifest};
use crate::{
    canonical::CanonicalStream,
    draft::Draft,
    error::{Damage, Error, Result},
    progress::{Progress, STEP, Stage},
    schema,
    serial_list::{SerialList, SerialListError},
    subtrees::{self, Known, Subtree},
};
use custody_rules::serial_tree::{Hash, SALT_BYTES, Salt};

impl Manifest {
    /// Salts the units of `list`, builds the lot's tree and writes both to a new file at `target`, which
    /// only its owner may read.
    ///
    /// `progress` is called every few thousand units and may break to stop the work. If it is stopped,
    /// fails or is killed, nothing is left at `target`.
    ///
    /// # Errors
    ///
    /// If the lot is invalid, the list is empty, there is a file at `target`, the work is stopped, or
    /// the file cannot be written.
    pub fn create(
        target: impl AsRef<Path>,
        lot: Lot,
        list: &SerialList,
        mut progress: impl FnMut(Progress) -> ControlFlow<()>,
    ) -> Result<Self> {
        let target = target.as_ref();
        let lot_number = lot.checked_number()?;
        if list.is_empty() {
            return Err(SerialListError::Empty.into());
        }
        let mut draft = Draft::begin(target)?;
        let quantity = list.len();
        let mut salts = vec![[0; SALT_BYTES]; quantity as usize];
        getrandom::fill(salts.as_flattened_mut())?;
        let units = Units {
            first: 0,
            list,
            salts: &salts,
        };
        let (root, subtrees) =
            units.tree(&lot.address, quantity, &BTreeMap::new(), &mut progress)?;
        let mut stream = CanonicalStream::new(&lot, &lot_number, quantity, &root);
        for index in 0..quantity {
            let (serial, salt) = units.secrets(index);
            stream.unit(serial, salt, list.package(index));
        }
        let header = Header {
            lot: &lot,
            quantity,
            root: &root,
            manifest_hash: &stream.finish(),
        };
        units.write(&mut draft, &header, &subtrees, &mut progress)?;
        draft.finish()?;
        Self::open(target)
    }
}

/// What a file states about the whole lot.
pub(super) struct Header<'a> {
    pub(super) lot: &'a Lot,
    pub(super) quantity: u32,
    pub(super) root: &'a Hash,
    pub(super) manifest_hash: &'a Hash,
}

/// A range of a lot's units in memory.
pub(super) struct Units<'a> {
    /// The index of the first unit.
    pub(super) first: u32,
    pub(super) list: &'a SerialList,
    pub(super) salts: &'a [Salt],
}

impl Units<'_> {
    fn range(&self) -> Range<u32> {
        self.first..self.first + self.list.len()
    }

    /// The serial number and the salt of the unit with this index in the lot.
    fn secrets(&self, index: u32) -> (&str, &Salt) {
        let offset = index - self.first;
        (self.list.serial(offset), &self.salts[offset as usize])
    }

    /// The lot's root and the subtrees that a file with these units stores, given the hashes of those
    /// `outside`, by their first units.
    pub(super) fn tree(
        &self,
        lot: &Hash,
        quantity: u32,
        outside: &BTreeMap<u32, Hash>,
        progress: &mut impl FnMut(Progress) -> ControlFlow<()>,
    ) -> Result<(Hash, Vec<Subtree>)> {
        // Enough to keep all cores busy between two reports.
        const BATCH: usize = 8 * STEP as usize;
        let units = self.range();
        let mut leaves = Vec::with_capacity(self.salts.len());
        for first in units.clone().step_by(BATCH) {
            let batch = first..units.end.min(first.saturating_add(BATCH as u32));
            leaves.extend(subtrees::leaves(lot, batch, |index| self.secrets(index)));
            self.report(Stage::Hashing, leaves.len() as u32, progress)?;
        }
        let known = Known {
            units,
            leaves: &leaves,
            outside,
        };
        known
            .hash(0..quantity)
            .map_err(|missing| Damage::NoSubtree(missing).into())
    }

    /// Writes the units to an empty file.
    pub(super) fn write(
        &self,
        draft: &mut Draft,
        header: &Header,
        subtrees: &[Subtree],
        progress: &mut impl FnMut(Progress) -> ControlFlow<()>,
    ) -> Result<()> {
        let transaction = draft.connection().transaction()?;
        transaction.execute(
            "INSERT INTO lot VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            params![
                header.lot.gtin,
                header.lot.lot_number,
                header.lot.expiry,
                header.quantity,
                header.lot.address,
                header.root,
                header.manifest_hash,
                self.first,
                self.list.len(),
            ],
        )?;
        {
            let mut insert = transaction.prepare("INSERT INTO subtree VALUES (?1, ?2, ?3)")?;
            for subtree in subtrees {
                insert.execute(params![subtree.first, subtree.size, subtree.hash])?;
            }
            let mut insert = transaction.prepare("INSERT INTO unit VALUES (?1, ?2, ?3, ?4)")?;
            for index in self.range() {
                let (serial, salt) = self.secrets(index);
                let done = index - self.first;
                insert.execute(params![index, serial, salt, self.list.package(done)])?;
                if done.is_multiple_of(STEP) {
                    self.report(Stage::Writing, done, progress)?;
                }
            }
        }
        self.report(Stage::Indexing, 0, progress)?;
        transaction.execute(schema::INDEX, [])?;
        transaction.commit()?;
        self.report(Stage::Indexing, self.list.len(), progress)
    }

    fn report(
        &self,
        stage: Stage,
        done: u32,
        progress: &mut impl FnMut(Progress) -> ControlFlow<()>,
    ) -> Result<()> {
        let total = self.list.len();
        match progress(Progress { stage, done, total }) {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(()) => Err(Error::Stopped),
        }
    }
}
