//! A lot's manifest: which serial number each unit carries, kept off the ledger in one SQLite file.
//!
//! The ledger holds two hashes of it. The *root* of a Merkle tree over the units lets whoever holds
//! one unit's serial, salt and [`Proof`] show that the pack belongs to the lot, and nobody find
//! serials by trying: each unit is salted. The *manifest hash* names the whole list, packages
//! included, so that a regulator who is handed the file knows that it is the one that was minted.
//!
//! - [`SerialList`] is read from a file, or drawn at random.
//! - [`Manifest::create`] salts the list, builds the tree and writes the file.
//! - [`Manifest::extract`] gives a customer the units of one consignment, with the hashes of all
//!   others: enough to compute the root again, and hence to know that nothing was left out.
//! - [`Manifests`] are those of many lots, to find a serial in.
//! - [`Manifest::check`] does that; [`Manifest::find`] and [`Manifest::prove`] answer for one unit.
//!
//! Addresses, transactions and the comparison with the ledger are the client's business.

mod canonical;
mod draft;
mod error;
mod manifest;
mod manifests;
mod progress;
mod schema;
mod serial;
mod serial_list;
mod tree;

pub use error::{Damage, Error, Result};
pub use manifest::{Lot, Manifest, Unit};
pub use manifests::{Found, Manifests};
pub use progress::{Progress, Stage};
pub use serial::{InvalidSerial, check_serial};
pub use serial_list::{SerialList, SerialListError};
pub use tree::{Hash, Proof, SALT_BYTES, Salt, leaf, verify};
