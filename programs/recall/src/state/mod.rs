//! The recall program's accounts, one type a file, each with its layout, seeds and invariant.

mod claims;
mod codes;
mod recall;
mod response;
mod token;

pub use claims::Claims;
pub(crate) use claims::set;
pub use codes::{CheckLevel, RecallClass, RecallDepth, RecallReason, RecallState};
pub use recall::Recall;
pub(crate) use recall::{Answer, contains, run};
pub(crate) use response::Fate;
pub use response::Response;
pub(crate) use token::EXTENSIONS;
pub use token::{Mint, TokenAccount};
