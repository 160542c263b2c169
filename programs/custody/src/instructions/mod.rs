//! One file an instruction, or a family of them: its accounts and who signs. What it checks and does is
//! in [`custody_rules`], under the same name.
//!
//! Wherever a site acts, its own key signs, or an operator's, whose `Operator` account then follows
//! the accounts that the instruction lists.

pub mod accept;
pub mod accept_with_discrepancy;
pub mod adopt_lot;
pub mod archive;
pub mod by_custodian;
pub mod by_custodian_of_lot;
pub mod by_investigator;
pub mod cancel;
pub mod close_unit_record;
#[allow(
    unused_variables,
    reason = "the derive binds #[instruction] arguments more often than it reads them"
)]
pub mod decommission;
pub mod destroy;
pub mod determine_case;
#[allow(
    unused_variables,
    reason = "the derive binds #[instruction] arguments more often than it reads them"
)]
pub mod dispense;
pub mod expire;
pub mod export;
pub mod handoff;
pub mod handoff_batch;
pub mod merge;
#[allow(
    unused_variables,
    reason = "the derive binds #[instruction] arguments more often than it reads them"
)]
pub mod mint_lot;
pub mod notify_case;
pub mod offer;
pub mod open_case;
pub mod open_lot_case;
#[allow(
    unused_variables,
    reason = "the derive binds #[instruction] arguments more often than it reads them"
)]
pub mod open_unit_page;
pub mod pack;
pub mod quarantine;
pub mod quarantine_lot;
pub mod recover;
pub mod reject;
pub mod resolve_case;
pub mod resolve_lot_case;
pub mod restore_units;
pub mod return_title;
pub mod set_recalled_range;
mod signer;
pub mod split;
pub mod transfer_title;
pub mod undo_withdrawal;
pub mod verify_return;
pub mod withdraw;
mod witness;

pub use accept::*;
pub use accept_with_discrepancy::*;
pub use adopt_lot::*;
pub use archive::*;
pub use by_custodian::*;
pub use by_custodian_of_lot::*;
pub use by_investigator::*;
pub use cancel::*;
pub use close_unit_record::*;
pub use decommission::*;
pub use destroy::*;
pub use dispense::*;
pub use expire::*;
pub use handoff::*;
pub use handoff_batch::*;
pub use merge::*;
pub use mint_lot::*;
pub use offer::*;
pub use open_case::*;
pub use open_lot_case::*;
pub use open_unit_page::*;
pub use quarantine::*;
pub use quarantine_lot::*;
pub use recover::*;
pub use reject::*;
pub use resolve_case::*;
pub use resolve_lot_case::*;
pub use restore_units::*;
pub use return_title::*;
pub use set_recalled_range::*;
pub use signer::RemainingAccounts;
pub use split::*;
pub use transfer_title::*;
pub use withdraw::*;

pub use custody_rules::{Finding, LotLabel, OfferTerms};
