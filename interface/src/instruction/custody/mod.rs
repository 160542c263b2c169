//! Instructions of the custody program: lots, consignments, offers, cases and single units.
//!
//! [The module above](super) describes what they have in common. Two groups of errors are not repeated
//! at each function:
//!
//! - a transfer is refused with `SenderSuspended`, `SenderRevoked`, `SenderLicenceLapsed`, `SenderRole`,
//!   `ReceiverSuspended`, `ReceiverRevoked`, `ReceiverLicenceLapsed` or `ReceiverRole` where a site is
//!   not an authorised trading partner at that moment, and with the first four whatever else needs a site
//!   in good standing;
//! - an instruction that names a sequence is refused with `StaleSequence` if the consignment changed
//!   since it was read.

mod cases;
mod custodian;
mod handoffs;
mod lots;
mod offers;
mod packing;
mod recovery;
mod restrictions;
mod single_units;
mod withdrawal;
mod witness;

pub use cases::{
    Finding, determine_case, notify_case, open_case, open_lot_case, resolve_case, resolve_lot_case,
};
pub use handoffs::{Holders, handoff, handoff_batch, return_title, transfer_title};
pub use lots::{LotLabel, adopt_lot, mint_lot, set_recalled_range};
pub use offers::{
    OfferTerms, accept, accept_with_discrepancy, archive, cancel, expire, offer, reject,
};
pub use packing::{Cut, merge, pack, split, unpack, with_pages};
pub use recovery::recover;
pub use restrictions::{quarantine, quarantine_lot, release, release_lot, verify_return};
pub use single_units::{
    close_unit_record, decommission, destroy_units, dispense, open_unit_page, restore_units,
    undo_decommission, undo_dispense,
};
pub use withdrawal::{destroy, export, report_stolen, sample, undo_withdrawal};
pub use witness::Witness;
