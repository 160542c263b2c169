//! The custody program's accounts, one type a file, each with its layout, seeds and invariant.

mod clock;
mod consignment;
mod lot;
mod transfer;

pub use clock::ClockSysvar;
pub use consignment::{Consignment, ConsignmentStatus};
pub use lot::{Lot, LotStatus};
pub use transfer::{ExceptionCode, Transfer, TransferKind, TransferState};
