//! What is where: lots as their manufacturers mint them, the consignments that hold their units, and
//! every change of custody between trading partners.
//!
//! This crate has the accounts and every rule about them, `no_std` and without Anchor: the `custody`
//! program, clients and the browser decide with the same code, and compute the same trail. The program
//! adds what the chain needs: which accounts an instruction takes, who signs, and who pays the rent.
//! Each instruction's rules are a function of the instruction's name, in a module of that name.
//!
//! Licences and products are accounts of [`registry_rules`].
//!
//! | account | seeds | one for |
//! |---|---|---|
//! | [`Lot`] | `"lot"`, product, lot number padded to 20 bytes, series as `u16` LE | each lot of a product |
//! | [`Consignment`] | `"consignment"`, parent (a lot or a consignment), index as `u32` LE | each range of units in one custody |
//! | [`Transfer`] | `"transfer"`, consignment, sequence as `u32` LE | each offer of a consignment |
//! | [`UnitPage`] | `"units"`, lot, page as `u32` LE | each 8,192 units of a lot |
//! | [`UnitRecord`] | `"record"`, lot, GLN as `u64` LE, block as `u32` LE | each 64 units at each site that took some out of the chain |
//! | [`Case`] | `"case"`, subject (a consignment or a lot), number as `u32` LE | each suspicion or discrepancy |
#![no_std]

extern crate alloc;

pub mod accept;
pub mod accept_with_discrepancy;
pub mod adopt_lot;
pub mod archive;
pub mod cancel;
pub mod close_unit_record;
pub mod decommission;
pub mod destroy;
pub mod determine_case;
pub mod dispense;
pub mod error;
pub mod exit;
pub mod expire;
pub mod export;
pub mod handoff;
pub mod investigator;
pub mod merge;
pub mod mint_lot;
pub mod notify_case;
pub mod offer;
pub mod open_case;
pub mod open_lot_case;
pub mod open_unit_page;
pub mod overseer;
pub mod pack;
pub mod passage;
pub mod quarantine;
pub mod quarantine_lot;
pub mod recover;
pub mod reject;
pub mod resolve_case;
pub mod resolve_lot_case;
pub mod restore_units;
pub mod return_title;
#[cfg(not(target_os = "solana"))]
pub mod serial_tree;
pub mod signer;
pub mod split;
pub mod state;
pub mod transfer_title;
pub mod undo_withdrawal;
mod units;
#[cfg(not(target_os = "solana"))]
pub mod verdict;
pub mod verify_return;
pub mod withdraw;

pub use error::{CustodyError, Result};
pub use mint_lot::LotLabel;
pub use offer::OfferTerms;
pub use open_case::Finding;
use solana_address::Address;
pub use state::{
    BLOCK_UNITS, Case, CaseState, Change, Consignment, ConsignmentStatus, Disposition,
    ExceptionCode, Gone, Lot, LotStatus, PAGE_UNITS, PARTIES, Party, RECALLS, Restrictions,
    Transfer, TransferKind, TransferState, UnitBlock, UnitPage, UnitRecord,
};

/// Address of the custody program.
pub const ID: Address = Address::from_str_const("E7A65kQJMzZC73QUsQDrL5CaCQnr9q6Gm3fmhVrskFVr");

/// Who says which units of a lot are recalled: the recall program's PDA of [`RECALL_AUTHORITY_SEED`].
pub const RECALL_AUTHORITY: Address =
    Address::from_str_const("3CaG17TnGpLW57HvSo2pgWZgTjwXsrDYNACajwwo42ZG");

/// The seed of [`RECALL_AUTHORITY`].
pub const RECALL_AUTHORITY_SEED: &[u8] = b"authority";

/// The bump of [`RECALL_AUTHORITY`].
pub const RECALL_AUTHORITY_BUMP: u8 = 255;

/// What the data of the instruction `set_recalled_range` begin with, which [`RECALL_AUTHORITY`] signs.
pub const SET_RECALLED_RANGE: u8 = 30;
