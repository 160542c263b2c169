//! The custody ledger's accounts, one type a file, each with its layout, seeds, rules and invariant.

mod case;
mod change;
mod consignment;
mod dispense_record;
mod lot;
mod transfer;
mod unit_block;
mod unit_page;

pub use case::{Case, CaseState};
pub use change::{Change, TransferKind};
pub use consignment::{Consignment, ConsignmentStatus, Restrictions};
pub use dispense_record::DispenseRecord;
pub use lot::{Lot, LotStatus, RECALLS};
pub use transfer::{ExceptionCode, Transfer, TransferState};
pub use unit_block::{BLOCK_UNITS, UnitBlock};
pub use unit_page::{Disposition, PAGE_UNITS, UnitPage};
