//! The subtrees of a lot's tree: which of them a file stores, and their hashes computed on all cores.

use std::{collections::BTreeMap, ops::Range};

use rayon::prelude::*;

use custody_rules::serial_tree::{Hash, Salt, halves, leaf, node, root};

/// A file stores the hashes of subtrees of at least this many units. A proof hashes fewer units than
/// these again, and the stored hashes take about one byte a unit.
pub(crate) const STORED_SUBTREE: u32 = 256;

/// The hash of the subtree over units `first..first + size`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Subtree {
    pub(crate) first: u32,
    pub(crate) size: u32,
    pub(crate) hash: Hash,
}

/// Whether two ranges of units have none in common.
pub(crate) fn are_disjoint(a: &Range<u32>, b: &Range<u32>) -> bool {
    a.end <= b.start || b.end <= a.start
}

/// Whether `outer` contains every unit of `inner`.
pub(crate) fn contains(outer: &Range<u32>, inner: &Range<u32>) -> bool {
    outer.start <= inner.start && inner.end <= outer.end
}

/// The fewest subtrees of the tree over `units` that together cover all but the units of `part`.
pub(crate) fn outside(units: Range<u32>, part: &Range<u32>) -> Vec<Range<u32>> {
    if are_disjoint(&units, part) {
        vec![units]
    } else if contains(part, &units) {
        Vec::new()
    } else {
        let (left, right) = halves(&units);
        let mut subtrees = outside(left, part);
        subtrees.extend(outside(right, part));
        subtrees
    }
}

/// The part of a lot whose units are known, and the hashes of the others.
pub(crate) struct Known<'a> {
    /// The known units.
    pub(crate) units: Range<u32>,
    /// Their leaves.
    pub(crate) leaves: &'a [Hash],
    /// The hashes of the subtrees that [`outside`] returns, by their first units.
    pub(crate) outside: &'a BTreeMap<u32, Hash>,
}

impl Known<'_> {
    /// The hash of the tree over `units`, computed on all cores, and its subtrees that a file stores, in
    /// the order of their last units.
    ///
    /// # Errors
    ///
    /// The units of a subtree outside the known ones whose hash is missing.
    pub(crate) fn hash(&self, units: Range<u32>) -> Result<(Hash, Vec<Subtree>), Range<u32>> {
        // Below this many units, a parallel task costs more than it saves.
        const SEQUENTIAL: u32 = 4_096;
        let size = units.end - units.start;
        let inside = contains(&self.units, &units);
        let (hash, mut stored) = if are_disjoint(&units, &self.units) {
            let hash = self.outside.get(&units.start).ok_or(units.clone())?;
            (*hash, Vec::new())
        } else if inside && size < STORED_SUBTREE {
            let first = (units.start - self.units.start) as usize;
            return Ok((root(&self.leaves[first..][..size as usize]), Vec::new()));
        } else {
            let (left, right) = halves(&units);
            let (left, right) = if size > SEQUENTIAL {
                rayon::join(|| self.hash(left), || self.hash(right))
            } else {
                (self.hash(left), self.hash(right))
            };
            let ((left, mut stored), (right, more)) = (left?, right?);
            stored.extend(more);
            let hash = node(&left, &right);
            if !inside {
                return Ok((hash, stored));
            }
            (hash, stored)
        };
        let first = units.start;
        stored.push(Subtree { first, size, hash });
        Ok((hash, stored))
    }
}

/// The leaves of `units`, computed on all cores. `unit` returns the serial number and the salt of one.
pub(crate) fn leaves<'a>(
    lot: &Hash,
    units: Range<u32>,
    unit: impl Fn(u32) -> (&'a str, &'a Salt) + Sync,
) -> Vec<Hash> {
    units
        .into_par_iter()
        .map(|index| {
            let (serial, salt) = unit(index);
            leaf(lot, index, serial, salt)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use custody_rules::serial_tree::SALT_BYTES;

    #[test]
    fn the_root_is_the_same_whichever_units_are_known() {
        for quantity in [1, 2, 255, 256, 257, 700, 5_000] {
            let leaves: Vec<Hash> = (0..quantity)
                .map(|index| leaf(&[0; 32], index, "S", &[0; SALT_BYTES]))
                .collect();
            for units in [
                0..quantity,
                0..1,
                quantity / 2..quantity,
                quantity / 3..quantity / 2 + 1,
            ] {
                let outside: BTreeMap<u32, Hash> = outside(0..quantity, &units)
                    .into_iter()
                    .map(|part| {
                        let hash = root(&leaves[part.start as usize..part.end as usize]);
                        (part.start, hash)
                    })
                    .collect();
                let known = Known {
                    leaves: &leaves[units.start as usize..units.end as usize],
                    units,
                    outside: &outside,
                };
                let (hash, stored) = known.hash(0..quantity).unwrap();
                assert_eq!(hash, root(&leaves));
                for subtree in stored {
                    let leaves = &leaves[subtree.first as usize..][..subtree.size as usize];
                    assert_eq!(subtree.hash, root(leaves));
                }
            }
        }
    }
}
