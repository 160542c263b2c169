//! Partial manifests: the units of one consignment, and only hashes of the others.

use std::{
    collections::BTreeMap,
    ops::{ControlFlow, Range},
    path::Path,
};

use super::{
    Manifest,
    create::{Header, Units},
};
use crate::{
    draft::Draft,
    error::{Damage, Error, Result},
    progress::{Progress, STEP, Stage},
    serial_list::SerialList,
    subtrees,
};
use custody_rules::serial_tree::{Hash, Salt};

impl Manifest {
    /// Writes `units` to a new manifest at `target`, with the hashes of the largest subtrees outside.
    ///
    /// Its recipient computes the lot's root from both, and so knows that no serial number of these units
    /// is missing or altered. The hash of a subtree reveals nothing about its units, which are salted.
    /// Packages are not in the tree, so the recipient has to trust the sender about them. A partial
    /// manifest can be extracted from too.
    ///
    /// `progress` is called every few thousand units and may break to stop the work. If it is stopped,
    /// fails or is killed, nothing is left at `target`.
    ///
    /// # Errors
    ///
    /// If this manifest does not hold all of the units or is damaged, there is a file at `target`, the
    /// work is stopped, or the file cannot be written.
    pub fn extract(
        &self,
        units: Range<u32>,
        target: impl AsRef<Path>,
        mut progress: impl FnMut(Progress) -> ControlFlow<()>,
    ) -> Result<Self> {
        let target = target.as_ref();
        self.require(units.clone())?;
        let mut draft = Draft::begin(target)?;
        let (list, salts) = self.read(units.clone(), &mut progress)?;
        let outside: BTreeMap<u32, Hash> = subtrees::outside(0..self.quantity, &units)
            .into_iter()
            .map(|subtree| Ok((subtree.start, self.subtree_hash(subtree)?)))
            .collect::<Result<_>>()?;
        let part = Units {
            first: units.start,
            list: &list,
            salts: &salts,
        };
        let (root, subtrees) =
            part.tree(&self.lot.address, self.quantity, &outside, &mut progress)?;
        if root != self.root {
            return Err(Damage::Root.into());
        }
        let header = Header {
            lot: &self.lot,
            quantity: self.quantity,
            root: &root,
            manifest_hash: &self.manifest_hash,
        };
        part.write(&mut draft, &header, &subtrees, &mut progress)?;
        draft.finish()?;
        Self::open(target)
    }

    /// Reads a range of units, and checks that none is missing and each is valid.
    pub(super) fn read(
        &self,
        units: Range<u32>,
        progress: &mut impl FnMut(Progress) -> ControlFlow<()>,
    ) -> Result<(SerialList, Vec<Salt>)> {
        let total = units.end - units.start;
        let mut list = SerialList::default();
        let mut salts = Vec::new();
        let mut failure = None;
        self.for_each(units.clone(), |unit| {
            let done = list.len();
            let outcome = Damage::of_unit(&unit, units.start + done)
                .map_or(Ok(()), |damage| Err(damage.into()))
                .and_then(|()| Ok(list.push(&unit.serial, unit.package)?))
                .and_then(|()| {
                    salts.push(unit.salt);
                    let stage = Stage::Reading;
                    if done.is_multiple_of(STEP)
                        && progress(Progress { stage, done, total }).is_break()
                    {
                        return Err(Error::Stopped);
                    }
                    Ok(())
                });
            match outcome {
                Ok(()) => ControlFlow::Continue(()),
                Err(error) => {
                    failure = Some(error);
                    ControlFlow::Break(())
                }
            }
        })?;
        if let Some(error) = failure {
            return Err(error);
        }
        let (expected, found) = (total, list.len());
        if found != expected {
            return Err(Damage::Missing { expected, found }.into());
        }
        Ok((list, salts))
    }
}
