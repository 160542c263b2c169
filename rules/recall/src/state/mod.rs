//! The recalls' accounts, one type a file, each with its layout, seeds, rules and invariant, and the types
//! that they share.

mod answer;
mod bits;
mod claims;
mod codes;
mod departure_kind;
mod proofs;
mod range;
mod recall;
mod response;
mod scope;
mod tranche;

pub use claims::Claims;
pub use codes::{CheckLevel, RecallClass, RecallDepth, RecallReason, RecallState};
pub use departure_kind::DepartureKind;
pub use proofs::Proofs;
pub(crate) use range::{contains, range};
pub use recall::Recall;
pub use response::Response;
pub use scope::Scope;
pub use tranche::Tranche;
