//! One file an instruction, or a family of them: its accounts and who signs. What it checks and does is
//! in [`recall_rules`], under the same name.
//!
//! Wherever a site acts, its own key signs, or an operator's that may settle recalls, whose
//! `Operator` account then follows the accounts that the instruction lists; what a recall pays is
//! for sites' own keys alone.

pub mod by_overseer;
pub mod by_regulator;
pub mod by_site;
#[allow(
    unused_variables,
    reason = "the derive binds #[instruction] arguments more often than it reads them"
)]
pub mod claim;
pub mod close_claims;
pub mod close_proofs;
pub mod complete;
mod evidence;
pub mod expand;
pub mod fund;
pub mod narrow;
pub mod open;
#[allow(
    unused_variables,
    reason = "the derive binds #[instruction] arguments more often than it reads them"
)]
pub mod prove;
pub mod reclassify;
pub mod reopen;
pub mod respond;
mod signer;
mod stop;
pub mod terminate;
mod vault;
pub mod withdraw;

pub use by_overseer::*;
pub use by_regulator::*;
pub use by_site::*;
pub use claim::*;
pub use close_claims::*;
pub use close_proofs::*;
pub use fund::*;
pub use open::*;
pub use prove::*;
pub use respond::*;
pub use withdraw::*;

pub use recall_rules::{Count, Funding, Notice, RecallStrategy, RecallTerms};
