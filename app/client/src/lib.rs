//! Everything that a manufacturer's, a wholesaler's or a pharmacy's software needs to work with
//! Pedigree's programs on a Solana cluster.
//!
//! Names, addresses and instructions, without a network (from `pedigree-interface`):
//!
//! | module | for |
//! |---|---|
//! | [`identifier`] | GTIN, GLN, SSCC, lot number and expiry as people write them |
//! | [`text`] | the fixed text fields of accounts |
//! | [`address`] | where the programs keep their accounts |
//! | [`site`] | who signs for a site: its own key, or an operator's |
//! | [`units`] | ranges, pages and blocks of a lot's units |
//! | [`instruction`] | the instructions of the programs |
//!
//! Reading a ledger:
//!
//! | module | for |
//! |---|---|
//! | [`ledger`] | typed accounts over JSON-RPC |
//! | [`mod@reference`] | lots, consignments and recalls as people name them, and finding them |
//! | [`lists`] | all accounts of a kind: sites, products, lots, cases, recalls |
//! | [`prefixes`] | the company prefixes that firms have claimed |
//! | [`stock`] | what a site has, what is on offer to it, what is in a package |
//! | [`disposition`] | what became of single units |
//! | [`returns`] | where goods may go back to |
//! | [`recalls`] | the recalls that block units of a lot |
//! | [`effectiveness`] | how a recall stands, by answers and by the ledger |
//! | [`compensation`] | what a recall owes for units that came back or were destroyed |
//! | [`nothing_owed`] | why nothing is to be claimed |
//! | [`deadline`] | by when the next step of a case is due |
//! | [`trace`] | a consignment's history, recomputed and compared |
//! | [`watch`] | a site's changes as they happen, over websocket |
//!
//! Writing to it:
//!
//! | module | for |
//! |---|---|
//! | [`actor`] | who acts, for which site, at whose expense |
//! | [`planning`] | what has to be sent for each step of a site, as a plan |
//! | [`plan`] | such a plan |
//! | [`fee_payer`] | what fits into one transaction |
//! | [`transaction`] | simulating, sending and confirming, never twice |
//! | [`partial_transaction`] | a transaction that others have to sign as well |
//! | [`cosigning`] | looking at what somebody else made before signing it |
//! | [`handoff_request`] | a handoff that waits for its receiver, at the dock |
//! | [`transaction_request`] | fetching from a link what is to be signed, as wallets do |
//! | [`sign_only`] | such transactions in files, as Solana's command line writes them |
//! | [`nonce`] | what a transaction names that lives longer than a blockhash |
//! | [`compute_budget`] | what a transaction may cost |
//! | [`refusal`] | what a program's refusal means and what to do next |
//! | [`token`] | the token in which a recall pays |
//!
//! Whether a pack may be dispensed is answered by the crate `pedigree-verify`, which reads manifests.
//!
//! Account types are the programs' own ([`registry`], [`custody`], [`recall`]), so a client cannot
//! disagree with a program about a layout; that is why `anchor-lang` is among the dependencies.

#![warn(missing_docs)]

pub mod actor;
pub mod blocking_recall;
pub mod compensation;
pub mod compute_budget;
mod confirmation;
pub mod cosigning;
pub mod deadline;
pub mod disposition;
pub mod effectiveness;
pub mod error;
pub mod fee_payer;
pub mod handoff_request;
mod invalid_transaction;
pub mod ledger;
pub mod lists;
pub mod nonce;
pub mod nothing_owed;
pub mod partial_transaction;
pub mod plan;
pub mod planning;
pub mod prefixes;
pub mod recalls;
pub mod reference;
pub mod refusal;
mod resolution;
pub mod returns;
pub mod sign_only;
mod simulation;
pub mod stock;
pub mod token;
pub mod trace;
pub mod transaction;
pub mod transaction_request;
pub mod watch;

pub use actor::Actor;
pub use error::{Error, Result};
pub use ledger::Ledger;
pub use pedigree_interface::{
    Goods, Located, LotSeries, Offered, Site, TransferKind, address, custody, domain, identifier,
    instruction, recall, registry, site, text, units,
};
pub use plan::Plan;
