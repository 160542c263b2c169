//! Looking at a transaction that somebody else made before signing it.

mod names;

pub use names::{InstructionName, name};
