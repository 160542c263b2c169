//! The Merkle tree over a lot's units.
//!
//! ```text
//! leaf = SHA-256(00 ‖ lot address (32) ‖ index (4, little-endian) ‖ length of serial (1) ‖ serial ‖ salt (16))
//! node = SHA-256(01 ‖ left ‖ right)
//! ```
//!
//! A tree of n > 1 units is split at the largest power of two below n (RFC 9162, section 2.1). So its
//! shape depends on n alone, nothing is hashed twice to fill a level, and the length of a proof and the
//! sides of its hashes follow from the unit's index and the lot's quantity, which is on the ledger.

use alloc::vec::Vec;
use core::ops::Range;

use sha2::{Digest, Sha256};

/// A SHA-256 digest.
pub type Hash = [u8; 32];

/// The length of a salt, in bytes.
pub const SALT_BYTES: usize = 16;

/// Random bytes that make a unit's leaf impossible to guess.
pub type Salt = [u8; SALT_BYTES];

/// The leaf of the unit `index` of the lot at the address `lot`. The serial number has at most 255 bytes;
/// a manifest allows 20.
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

/// The hash of a node with these two below it.
pub fn node(left: &Hash, right: &Hash) -> Hash {
    Sha256::new()
        .chain_update([1])
        .chain_update(left)
        .chain_update(right)
        .finalize()
        .into()
}

/// The size of the left half of a tree of `size` > 1 units: the largest power of two below it.
pub fn left_size(size: u32) -> u32 {
    1 << (size - 1).ilog2()
}

/// The two halves of a subtree of more than one unit.
pub fn halves(subtree: &Range<u32>) -> (Range<u32>, Range<u32>) {
    let middle = subtree.start + left_size(subtree.end - subtree.start);
    (subtree.start..middle, middle..subtree.end)
}

/// The root of the tree over `leaves`, of which there is at least one.
pub fn root(leaves: &[Hash]) -> Hash {
    match leaves {
        [leaf] => *leaf,
        _ => {
            let (left, right) = leaves.split_at(left_size(leaves.len() as u32) as usize);
            node(&root(left), &root(right))
        }
    }
}

/// The sibling hashes on the path from a unit's leaf to the root, the leaf's own sibling first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof(pub Vec<Hash>);

/// Whether `proof` shows that the unit `index` carries the serial number `serial`. `root`, `lot`, the
/// lot account's address, and `quantity`, the number of its units, are from the ledger.
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
    // The sides from the root down. A tree of 2^32 units would have 32 levels.
    let mut in_left = [false; u32::BITS as usize];
    let mut depth = 0;
    let mut subtree = 0..quantity;
    while subtree.end - subtree.start > 1 {
        let (left, right) = halves(&subtree);
        in_left[depth] = left.contains(&index);
        subtree = if in_left[depth] { left } else { right };
        depth += 1;
    }
    if depth != proof.0.len() {
        return false;
    }
    let computed = in_left[..depth].iter().rev().zip(&proof.0).fold(
        leaf(lot, index, serial, salt),
        |hash, (&in_left, sibling)| {
            if in_left {
                node(&hash, sibling)
            } else {
                node(sibling, &hash)
            }
        },
    );
    computed == *root
}

#[cfg(test)]
mod tests {
    use alloc::vec;

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
    fn a_proof_in_the_largest_lot_has_32_hashes() {
        let (lot, salt) = ([7; 32], [1; SALT_BYTES]);
        let proof = Proof(vec![[3; 32]; 32]);
        let leaf = leaf(&lot, 0, "A1", &salt);
        let root = proof
            .0
            .iter()
            .fold(leaf, |hash, sibling| node(&hash, sibling));
        assert!(verify(&root, &lot, u32::MAX, 0, "A1", &salt, &proof));
        assert!(!verify(&root, &lot, u32::MAX, 1, "A1", &salt, &proof));
    }
}
