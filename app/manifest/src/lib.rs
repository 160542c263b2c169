//! A lot's manifest: the serial number of each unit, kept off the ledger in one SQLite file.
//!
//! The ledger stores two hashes of it. The *root* of a Merkle tree over the units: whoever has one
//! unit's serial number, salt and [`Proof`] can show that the unit belongs to the lot, but nobody can
//! find serial numbers by trial, because each unit is salted. The *manifest hash* identifies the whole
//! list, packages included, so that a regulator who is given the file knows that it is the one that was
//! minted.
//!
//! - [`SerialList`] is read from a file or generated at random.
//! - [`Manifest::create`] salts the list, builds the tree and writes the file; [`Manifest::reopen`] takes it up
//!   again, where the work that it is for was interrupted.
//! - [`Manifest::extract`] writes the units of one consignment for a customer, with the hashes of all
//!   others: enough to compute the root again, and hence to know that nothing was left out.
//! - [`Manifest::check`] computes the root again; [`Manifest::find`] and [`Manifest::prove`] look up
//!   and prove one unit.
//! - [`Manifests`] are those of many lots, to look serial numbers up in.
//!
//! Addresses, transactions and the comparison with the ledger are left to the client.

mod canonical;
mod draft;
mod error;
mod manifest;
mod manifests;
mod progress;
mod schema;
mod serial;
mod serial_list;
mod subtrees;

pub use custody_rules::serial_tree::{Hash, Proof, SALT_BYTES, Salt, leaf, verify};
pub use error::{Damage, Error, Result};
pub use manifest::{Lot, Manifest, Unit};
pub use manifests::{Found, Manifests};
pub use progress::{Progress, Stage};
pub use serial::{InvalidSerial, check_serial};
pub use serial_list::{SerialList, SerialListError};
