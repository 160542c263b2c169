//! The recalls' accounts, one type a file, each with its layout, seeds, rules and invariant.

mod bits;
mod claims;
mod codes;
mod proofs;
mod recall;
mod response;
mod scope;
mod tranche;

pub use claims::Claims;
pub use codes::{CheckLevel, RecallClass, RecallDepth, RecallReason, RecallState};
pub use proofs::Proofs;
pub use recall::Recall;
pub(crate) use recall::{Answer, contains, run};
pub use response::{Fate, Response};
pub(crate) use scope::check_kept;
pub use scope::{Scope, Until};
pub use tranche::Tranche;
