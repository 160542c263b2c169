//! Partial manifests: one consignment's units, and nothing of the others but hashes.

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
    tree::{self, Hash, Salt},
};

impl Manifest {
    /// Writes units `first..first + quantity` to a new manifest at `target`, with the hashes of the
    /// largest subtrees outside.
    ///
    /// Whoever gets it computes the lot's root from both, and so knows that no serial of the run is
    /// missing or altered; a subtree's hash tells nothing of its salted units. Packages are not in
    /// the tree: they are as the sender of the file says. A partial manifest can be extracted from
    /// in turn.
    pub fn extract(
        &self,
        first: u32,
        quantity: u32,
        target: impl AsRef<Path>,
        mut progress: impl FnMut(Progress) -> ControlFlow<()>,
    ) -> Result<Self> {
        let target = target.as_ref();
        let run = first..first.saturating_add(quantity);
        self.require(run.clone())?;
        let mut draft = Draft::begin(target)?;
        let (list, salts) = self.read(run.clone(), &mut progress)?;
        let outside: BTreeMap<u32, Hash> = tree::outside(0..self.quantity, &run)
            .into_iter()
            .map(|subtree| Ok((subtree.start, self.subtree_hash(subtree)?)))
            .collect::<Result<_>>()?;
        let units = Units {
            first,
            list: &list,
            salts: &salts,
        };
        let (root, subtrees) =
            units.tree(&self.lot.address, self.quantity, &outside, &mut progress)?;
        if root != self.root {
            return Err(Damage::Root.into());
        }
        let header = Header {
            lot: &self.lot,
            quantity: self.quantity,
            root: &root,
            manifest_hash: &self.manifest_hash,
        };
        units.write(&mut draft, &header, &subtrees, &mut progress)?;
        draft.finish()?;
        Self::open(target)
    }

    /// Reads a run of units, which must be whole and each valid.
    pub(super) fn read(
        &self,
        run: Range<u32>,
        progress: &mut impl FnMut(Progress) -> ControlFlow<()>,
    ) -> Result<(SerialList, Vec<Salt>)> {
        let total = run.end - run.start;
        let mut list = SerialList::default();
        let mut salts = Vec::new();
        let mut failure = None;
        self.for_each(run.clone(), |unit| {
            let done = list.len();
            let outcome = Damage::of_unit(&unit, run.start + done)
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
