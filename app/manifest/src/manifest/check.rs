//! Checking a manifest that was received from somebody else or kept for years.

use std::{collections::BTreeMap, ops::ControlFlow};

use pedigree_domain::gs1;

use super::{Manifest, Unit, create::Units};
use crate::{
    canonical::CanonicalStream,
    error::{Damage, Result},
    progress::Progress,
    serial,
    subtrees::{self, Subtree},
};
use custody_rules::serial_tree::Hash;

impl Damage {
    /// What is wrong with `unit`, where the one with the index `expected` should be.
    pub(super) fn of_unit(unit: &Unit, expected: u32) -> Option<Self> {
        let index = unit.index;
        if index != expected {
            let found = index;
            return Some(Self::Order { expected, found });
        }
        if let Err(reason) = serial::check_serial(&unit.serial) {
            return Some(Self::Serial { index, reason });
        }
        unit.package
            .filter(|&sscc| !gs1::is_valid_key(sscc, gs1::SSCC_DIGITS))
            .map(|sscc| Self::Package { index, sscc })
    }
}

impl Manifest {
    /// Reads every unit and computes the root again; in a whole manifest, the manifest hash too.
    ///
    /// Success means that the manifest is unaltered and holds every unit of its range, *if* the lot's
    /// account has the same [`root`](Self::root); comparing the two is left to the caller.
    ///
    /// `progress` is called every few thousand units and may break to stop the work.
    ///
    /// # Errors
    ///
    /// How the manifest is damaged, or why it cannot be read to the end.
    pub fn check(&self, mut progress: impl FnMut(Progress) -> ControlFlow<()>) -> Result<()> {
        self.check_pages()?;
        let (list, salts) = self.read(self.units(), &mut progress)?;
        let rows: u32 = self
            .connection
            .query_row("SELECT count(*) FROM unit", [], |row| row.get(0))?;
        if rows != list.len() {
            return Err(Damage::OutsideRange(rows.saturating_sub(list.len())).into());
        }
        if let Some((first, second)) = list.duplicate() {
            let (first, second) = (self.units.start + first, self.units.start + second);
            return Err(Damage::Duplicate { first, second }.into());
        }
        let stored = self.stored_subtrees()?;
        let outside: BTreeMap<u32, Hash> = stored
            .iter()
            .filter(|subtree| {
                let units = subtree.first..subtree.first + subtree.size;
                subtrees::are_disjoint(&units, &self.units)
            })
            .map(|subtree| (subtree.first, subtree.hash))
            .collect();
        let units = Units {
            first: self.units.start,
            list: &list,
            salts: &salts,
        };
        let (root, mut computed) =
            units.tree(&self.lot.address, self.quantity, &outside, &mut progress)?;
        if root != self.root {
            return Err(Damage::Root.into());
        }
        computed.sort_unstable();
        if computed != stored {
            return Err(Damage::Subtrees.into());
        }
        if self.is_partial() {
            return Ok(());
        }
        let lot_number = self.lot.checked_number()?;
        let mut stream = CanonicalStream::new(&self.lot, &lot_number, self.quantity, &root);
        for (index, salt) in (0..).zip(&salts) {
            stream.unit(list.serial(index), salt, list.package(index));
        }
        if stream.finish() != self.manifest_hash {
            return Err(Damage::ManifestHash.into());
        }
        Ok(())
    }

    /// Lets SQLite compare the index of serial numbers with the units, so that a look-up misses none.
    fn check_pages(&self) -> Result<()> {
        let verdict: String =
            self.connection
                .query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
        if verdict != "ok" {
            return Err(Damage::Sqlite(verdict).into());
        }
        Ok(())
    }

    /// The stored subtrees, by first unit and size, if they are within the lot.
    fn stored_subtrees(&self) -> Result<Vec<Subtree>> {
        let mut statement = self
            .connection
            .prepare("SELECT first, size, hash FROM subtree ORDER BY first, size")?;
        let subtrees = statement.query_map([], |row| {
            Ok(Subtree {
                first: row.get(0)?,
                size: row.get(1)?,
                hash: row.get(2)?,
            })
        })?;
        let subtrees: Vec<Subtree> = subtrees.collect::<rusqlite::Result<_>>()?;
        let fits = |subtree: &Subtree| {
            subtree
                .first
                .checked_add(subtree.size)
                .is_some_and(|end| end <= self.quantity)
        };
        if !subtrees.iter().all(fits) {
            return Err(Damage::Subtrees.into());
        }
        Ok(subtrees)
    }
}
