//! Looking at a transaction that somebody else made before signing it.
//!
//! [`review`](fn@review) says what a transaction would do, from its bytes and from the ledger: every
//! instruction by name, and of a handoff the sites, the goods and the terms.
//!
//! Nothing that the other company says about the transaction is believed. A handoff counts as one only if
//! the builder of this library makes the same instruction from what was read.

mod handover;
mod names;
mod review;

pub use handover::{HandOver, Handed, Side};
pub use names::{InstructionName, name};
pub use review::{Review, Step, Unexplained, review};
