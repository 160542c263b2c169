//! Looking at a transaction that somebody else made before signing it.
//!
//! [`review`](fn@review) says what a transaction would do, from its bytes and from the ledger: every
//! instruction by name, and of a handoff the sites, the goods and the terms. An [`Expectation`] is what the
//! signer agreed to; whatever differs from it is an [`Objection`], and then nothing is signed.
//!
//! Nothing that the other company says about the transaction is believed. A handoff counts as one only if
//! the builder of this library makes the same instruction from what was read.

mod expectation;
mod goods;
mod handover;
mod names;
mod objection;
mod review;

pub use expectation::{Expectation, Signs};
pub use goods::{ExpectedGoods, ScannedGoods, ScannedPacks};
pub use handover::{HandOver, Handed, Side};
pub use names::{InstructionName, name};
pub use objection::Objection;
pub use review::{Review, Step, Unexplained, do_the_same, review};
