//! What holds for every scan, whatever its bytes.
//!
//! - Reading it does not panic, nor does anything that may be asked of what was read.
//! - Its elements, written in any form and read again, are the same.
//! - What was not written as the standard has it is reported as a repair.
//! - A separator that gets lost is put in again or leads to an error or to other readings: never to
//!   something else in silence.
//!
//! `cargo xtask fuzz` looks for scans for which it does not hold; those that it found are among the
//! seeds, which the tests try as well.

mod check;
mod examples;
mod form;
mod variation;

pub use check::check;
pub use variation::vary;
