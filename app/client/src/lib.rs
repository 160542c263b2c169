//! Everything that a manufacturer's, a wholesaler's or a pharmacy's software needs to work with
//! Pedigree's programs on a Solana cluster:
//!
//! | module | for |
//! |---|---|
//! | [`identifier`] | GTIN, GLN, SSCC, lot number and expiry as people write them |
//! | [`text`] | the fixed text fields of accounts |
//! | [`address`] | where the programs keep their accounts |
//! | [`site`] | who acts for a site: its own key, or an operator's |
//! | [`instruction`] | instructions of the programs |
//! | [`ledger`] | reading typed accounts over JSON-RPC |
//! | [`transaction`] | simulating, sending and confirming, never twice |
//! | [`refusal`] | what a program's refusal means and what to do next |
//! | [`stock`] | what a site has, what is on offer to it, what is in a package |
//! | [`units`] | single units: their pages, and what became of them |
//! | [`returns`] | where goods may go back to |
//! | [`watch`] | a site's changes as they come, over websocket |
//! | [`trace`] | a consignment's history, re-computed and compared |
//! | [`recalls`] | what stops units of a lot, and why |
//! | [`effectiveness`] | how a recall stands, by answers and by the ledger |
//! | [`evidence`] | what such an answer rests on, for anybody to check again |
//! | [`verify`] | whether a pack's label agrees with the ledger |
//! | [`pack`] | the same for a pack whose serial may be in any of many manifests |
//!
//! Account types are the programs' own ([`registry`], [`custody`]), so a client cannot disagree
//! with a program about a layout; that is why `anchor-lang` is among the dependencies.

pub mod address;
pub mod effectiveness;
pub mod error;
pub mod evidence;
pub mod instruction;
pub mod ledger;
pub mod pack;
pub mod recalls;
pub mod refusal;
pub mod returns;
pub mod site;
pub mod stock;
pub mod trace;
pub mod transaction;
pub mod units;
pub mod verify;
pub mod watch;

pub use custody;
pub use error::{Error, Result};
pub use ledger::Ledger;
pub use pedigree_domain::{self as domain, identifier, text};
pub use recall;
pub use registry;
