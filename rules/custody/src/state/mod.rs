//! The custody ledger's accounts, one type a file, each with its layout, seeds, rules and invariant, and
//! the types of their fields that several share.

mod case;
mod change;
mod consignment;
mod disposition;
mod exception;
mod lot;
mod transfer;
mod unit_block;
mod unit_page;
mod unit_record;

pub use case::{Case, CaseState, PARTIES, Party};
pub use change::{Change, TransferKind};
pub use consignment::{Consignment, ConsignmentStatus, Restrictions};
pub use disposition::{Disposition, Gone};
pub use exception::ExceptionCode;
pub use lot::{Lot, LotStatus, RECALLS};
pub use transfer::{Transfer, TransferState};
pub use unit_block::{BLOCK_UNITS, UnitBlock};
pub use unit_page::{PAGE_UNITS, UnitPage};
pub use unit_record::UnitRecord;
