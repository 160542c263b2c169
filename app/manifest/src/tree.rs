//! The Merkle tree over a lot's units.
//!
//! ```text
//! leaf = SHA-256(00 ‖ lot address (32) ‖ index (4, little-endian) ‖ length of serial (1) ‖ serial ‖ salt (16))
//! node = SHA-256(01 ‖ left ‖ right)
//! ```
//!
//! A tree of n > 1 units is split at the largest power of two below n (RFC 9162, section 2.1), so its
//! shape follows from n alone, nothing is hashed twice to fill a level, and a proof's length and
//! sides follow from the index and the lot's quantity, both of which are on the ledger.

use std::{collections::BTreeMap, ops::Range};

use rayon::prelude::*;
use sha2::{Digest, Sha256};

/// A SHA-256 digest.
pub type Hash = [u8; 32];

/// Bytes of a unit's salt.
pub const SALT_BYTES: usize = 16;

/// What makes a unit's leaf unguessable.
pub type Salt = [u8; SALT_BYTES];

/// The leaf of one unit. `serial` has at most 255 bytes; [`crate::check_serial`] allows 20.
pub fn leaf(lot: &Hash, index: u32, serial: &str, salt: &Salt) -> Hash {
    Sha256::new()
        .chain_update([0])
        .chain_update(lot)
        .chain_update(index.to_le_bytes())
        .chain_update([serial.len() as u8])
        .chain_update(serial)
        .chain_update(salt)
        .finalize()
        .into()
}

pub(crate) fn node(left: &Hash, right: &Hash) -> Hash {
    Sha256::new()
        .chain_update([1])
        .chain_update(left)
        .chain_update(right)
        .finalize()
        .into()
}

/// Units in the left part of a tree of `size` > 1 units: the largest power of two below it.
pub(crate) fn left_size(size: u32) -> u32 {
    1 << (size - 1).ilog2()
}

/// The two parts of a subtree of more than one unit.
pub(crate) fn halves(subtree: &Range<u32>) -> (Range<u32>, Range<u32>) {
    let middle = subtree.start + left_size(subtree.end - subtree.start);
    (subtree.start..middle, middle..subtree.end)
}

/// The root over `leaves`, which are not empty.
pub(crate) fn root(leaves: &[Hash]) -> Hash {
    match leaves {
        [leaf] => *leaf,
        _ => {
            let (left, right) = leaves.split_at(left_size(leaves.len() as u32) as usize);
            node(&root(left), &root(right))
        }
    }
}

/// Units from which on a subtree's hash is stored in the file. A proof hashes fewer than these anew;
/// the hashes add about a byte to what the file spends on each unit.
pub(crate) const STORED_SUBTREE: u32 = 256;

/// The hash of the subtree over `units`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Subtree {
    pub(crate) first: u32,
    pub(crate) size: u32,
    pub(crate) hash: Hash,
}

/// Whether two runs of units have none in common.
pub(crate) fn are_disjoint(a: &Range<u32>, b: &Range<u32>) -> bool {
    a.end <= b.start || b.end <= a.start
}

/// Whether `outer` has every unit of `inner`.
pub(crate) fn contains(outer: &Range<u32>, inner: &Range<u32>) -> bool {
    outer.start <= inner.start && inner.end <= outer.end
}

/// The fewest subtrees of the tree over `units` that together are all but the units of `run`.
pub(crate) fn outside(units: Range<u32>, run: &Range<u32>) -> Vec<Range<u32>> {
    if are_disjoint(&units, run) {
        vec![units]
    } else if contains(run, &units) {
        Vec::new()
    } else {
        let (left, right) = halves(&units);
        let mut subtrees = outside(left, run);
        subtrees.extend(outside(right, run));
        subtrees
    }
}

/// A part of a lot whose units are known, and the hashes of the others.
pub(crate) struct Known<'a> {
    pub(crate) run: Range<u32>,
    /// The leaves of the run.
    pub(crate) leaves: &'a [Hash],
    /// The hashes of the subtrees that [`outside`] names, by the first unit.
    pub(crate) outside: &'a BTreeMap<u32, Hash>,
}

impl Known<'_> {
    /// The hash over `units`, computed on all cores, and every subtree below that a file stores, in the
    /// order of their last units.
    ///
    /// # Errors
    ///
    /// The range of a subtree outside whose hash is missing.
    pub(crate) fn hash(&self, units: Range<u32>) -> Result<(Hash, Vec<Subtree>), Range<u32>> {
        // Below this many units, another task costs more than it saves.
        const SEQUENTIAL: u32 = 4_096;
        let size = units.end - units.start;
        let inside = contains(&self.run, &units);
        let (hash, mut stored) = if are_disjoint(&units, &self.run) {
            let hash = self.outside.get(&units.start).ok_or(units.clone())?;
            (*hash, Vec::new())
        } else if inside && size < STORED_SUBTREE {
            let first = (units.start - self.run.start) as usize;
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

/// The leaves of the units `units`, whose serial and salt `unit` tells, computed on all cores.
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

/// The hashes that lead from a unit's leaf to the root, the one beside the leaf first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof(pub Vec<Hash>);

/// Whether the unit `index` of the lot at the address `lot`, which has `quantity` units, carries
/// `serial`, by the ledger's `root`.
pub fn verify(
    root: &Hash,
    lot: &Hash,
    quantity: u32,
    index: u32,
    serial: &str,
    salt: &Salt,
    proof: &Proof,
) -> bool {
    if index >= quantity || serial.len() > usize::from(u8::MAX) {
        return false;
    }
    // From the root down: the sides on which the proof's hashes stand.
    let mut sides = Vec::with_capacity(proof.0.len());
    let mut subtree = 0..quantity;
    while subtree.end - subtree.start > 1 {
        let (left, right) = halves(&subtree);
        let in_left = left.contains(&index);
        sides.push(in_left);
        subtree = if in_left { left } else { right };
    }
    if sides.len() != proof.0.len() {
        return false;
    }
    let computed = sides.iter().rev().zip(&proof.0).fold(
        leaf(lot, index, serial, salt),
        |hash, (&in_left, beside)| {
            if in_left {
                node(&hash, beside)
            } else {
                node(beside, &hash)
            }
        },
    );
    computed == *root
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Computed with Python's hashlib from the formula above.
    #[test]
    fn known_answers() {
        let lot = [7; 32];
        let leaves: Vec<Hash> = ["A1", "B-2", "12345678901234567890"]
            .into_iter()
            .zip(0u32..)
            .map(|(serial, index)| leaf(&lot, index, serial, &[index as u8 + 1; SALT_BYTES]))
            .collect();
        assert_eq!(
            hex::encode(leaves[0]),
            "4f60a8f17c720dce7cecdb0a969cf392004bc5f54b841b9eedd45891a93abc7e"
        );
        assert_eq!(
            hex::encode(leaves[2]),
            "f16d97aeea2ec4c3b07de2ff978f89d00916ed60fe9dc52064e7a97c24be8444"
        );
        assert_eq!(
            hex::encode(root(&leaves)),
            "ff5f9ee625d954770fa64322585f57d3c9ca2a15fcd8fff20d7de33b056bb305"
        );
    }

    #[test]
    fn a_tree_is_split_at_the_largest_power_of_two_below_its_size() {
        let splits = [
            (2, 1),
            (3, 2),
            (4, 2),
            (5, 4),
            (8, 4),
            (9, 8),
            (1_000_000, 524_288),
        ];
        for (size, left) in splits {
            assert_eq!(left_size(size), left, "{size}");
        }
        assert_eq!(left_size(u32::MAX), 1 << 31);
    }

    #[test]
    fn the_root_is_the_same_whatever_is_known_of_the_units() {
        for quantity in [1, 2, 255, 256, 257, 700, 5_000] {
            let leaves: Vec<Hash> = (0..quantity)
                .map(|index| leaf(&[0; 32], index, "S", &[0; SALT_BYTES]))
                .collect();
            for run in [
                0..quantity,
                0..1,
                quantity / 2..quantity,
                quantity / 3..quantity / 2 + 1,
            ] {
                let outside: BTreeMap<u32, Hash> = outside(0..quantity, &run)
                    .into_iter()
                    .map(|part| {
                        let hash = root(&leaves[part.start as usize..part.end as usize]);
                        (part.start, hash)
                    })
                    .collect();
                let known = Known {
                    leaves: &leaves[run.start as usize..run.end as usize],
                    run,
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
