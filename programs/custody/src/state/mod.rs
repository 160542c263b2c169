//! The custody program's accounts, one type a file, each with its layout, seeds and invariant.

mod case;
mod change;
mod clock;
mod consignment;
mod lot;
mod transfer;

pub use case::{Case, CaseState};
pub use change::Change;
pub use clock::ClockSysvar;
pub use consignment::{Consignment, ConsignmentStatus, Restrictions};
pub use lot::{Lot, LotStatus, RECALLS};
pub use transfer::{ExceptionCode, Transfer, TransferState};
