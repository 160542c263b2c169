//! What must come back: recalls of lots or parts of them, what each site answers, what the ledger
//! shows of it, and payment for what came back.
//!
//! This crate has the accounts and every rule about them, `no_std` and without Anchor: the `recall`
//! program, clients and the browser decide with the same code. The program adds what the chain needs:
//! which accounts an instruction takes, who signs, its calls of custody and the token programs, and who
//! pays the rent. Each instruction's rules are a function of the instruction's name, in a module of that
//! name.
//!
//! Licences are accounts of [`registry_rules`]; lots, and what shows what became of units, are accounts
//! of [`custody_rules`].
//!
//! | account | seeds | one for |
//! |---|---|---|
//! | [`Recall`] | `"recall"`, lot, number as `u8` | each recall of a lot |
//! | [`Scope`] | `"scope"`, recall, number as `u32` LE | each range that a recall has had |
//! | [`Response`] | `"response"`, recall, partner | each site that answers a recall |
//! | [`Proofs`] | `"proofs"`, recall, page as `u32` LE | each 8,192 units of a recalled lot |
//! | [`Tranche`] | `"tranche"`, recall, number as `u32` LE | each time that a recall was funded |
//! | [`Claims`] | `"claims"`, evidence, page as `u32` LE | each 1,024 units that an owner gave up |
//! | token account | `"vault"`, tranche | each tranche |
//! | no account | `"authority"` | the program, as it signs for `custody` |
#![no_std]

pub mod claim;
pub mod close_claims;
pub mod close_proofs;
pub mod complete;
pub mod error;
pub mod evidence;
pub mod expand;
pub mod fund;
pub mod mint;
pub mod narrow;
pub mod notice;
pub mod open;
pub mod prove;
pub mod reclassify;
pub mod reopen;
pub mod respond;
pub mod signer;
pub mod state;
pub mod strategy;
pub mod terminate;
pub mod vault;
pub mod withdraw;

pub use error::{RecallError, Result};
pub use fund::Funding;
pub use notice::Notice;
pub use open::RecallTerms;
pub use respond::Count;
use solana_address::Address;
pub use state::{
    CheckLevel, Claims, DepartureKind, Proofs, Recall, RecallClass, RecallDepth, RecallReason,
    RecallState, Response, Scope, Tranche,
};
pub use strategy::RecallStrategy;

/// Address of the recall program.
pub const ID: Address = Address::from_str_const("6hhDkR44R6Jgn7byDRj4EgfmFsDEewrutz9AmEqF264F");
