//! What became of a step.

use std::fmt;

use solana_signature::Signature;

/// The outcome of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Done now. Of several transactions, this is the one that took effect.
    Done(Signature),
    /// The cluster already was in the state that the step leads to.
    AlreadyDone,
    /// Not done, for this reason.
    Skipped(&'static str),
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Done(signature) => write!(f, "done, {signature}"),
            Self::AlreadyDone => f.write_str("already done"),
            Self::Skipped(reason) => write!(f, "skipped: {reason}"),
        }
    }
}
