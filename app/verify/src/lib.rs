//! Whether a pack may be dispensed: its label against the ledger, its serial number against manifests.
//!
//! | module | for |
//! |---|---|
//! | [`verdict`] | the verdict, from facts alone: the ledger's own rules |
//! | [`verification`] | reading those facts from the ledger |
//! | [`membership`] | looking a serial number up in its lot's manifest |
//! | [`manifest`] | whether a manifest is the one that its lot was minted with |
//! | [`pack`] | a pack whose serial number may be in any of many manifests |
//! | [`scan`] | what a scanner read, in the first reading that leads somewhere |
//! | [`dispensary`] | which packs may be dispensed, and from which consignment |
//! | [`scanned_goods`](mod@scanned_goods) | what was scanned at the dock, as goods that a handoff is compared with |
//! | [`evidence`] | what an answer rests on, in a file that anyone can check |

#![warn(missing_docs)]

pub mod dispensary;
pub mod error;
pub mod evidence;
pub mod manifest;
pub mod membership;
mod not_a_pack;
pub mod pack;
pub mod scan;
pub mod scanned_goods;
pub mod verification;

pub use custody_rules::verdict;
pub use error::{Error, Result};
pub use not_a_pack::NotAPack;
