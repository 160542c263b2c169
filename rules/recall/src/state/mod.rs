//! The recalls' accounts, one type a file, each with its layout, seeds, rules and invariant.

mod claims;
mod codes;
mod recall;
mod response;

pub use claims::Claims;
pub(crate) use claims::set;
pub use codes::{CheckLevel, RecallClass, RecallDepth, RecallReason, RecallState};
pub use recall::Recall;
pub(crate) use recall::{Answer, contains, run};
pub use response::{Fate, Response};
