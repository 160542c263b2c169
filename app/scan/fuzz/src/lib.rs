//! The properties of every scan, whatever its bytes.
//!
//! - Reading it does not panic, and neither does any method of the result.
//! - Its elements, written in any form and read again, are the same.
//! - Any departure from the standard is reported as a repair.
//! - If a separator is removed, the scan is repaired, refused, or has other readings; it never
//!   silently means something else.
//!
//! `cargo xtask fuzz` searches for scans that violate them. Those that it found are among the seeds,
//! which the tests check too.

mod check;
mod examples;
mod form;
mod variation;

pub use check::check;
pub use variation::vary;
