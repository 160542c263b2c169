//! Between a barcode and its meaning: what a scanner sends, what a picture shows, what a label says.
//!
//! - [`parse`] reads a scan in any of the forms that scanners, keyboards and web addresses bring it
//!   in, and gives a [`Scan`]: GS1 elements in order, checked, with whatever had to be repaired.
//! - [`image`] finds and decodes the symbols in a PNG or JPEG file.
//! - [`label`] makes GS1 DataMatrix labels for units, cases and whole lots.
//!
//! The last two come with the feature `symbols`, which is on unless it is left out.
//!
//! What the elements mean on the ledger is the client's business.
//!
//! # Why another parser
//!
//! Of the crates that read GS1 strings none carries the whole GS1 Syntax Dictionary, and none tells a
//! string that is right from one that it repaired, which is what decides whether a pharmacist may
//! trust an answer. So the [`dictionary`] is data here, GS1's own file format, and the parser is built
//! on it. Reading pictures is `rxing`'s work, encoding DataMatrix the `datamatrix` crate's.

pub mod dictionary;
mod digital_link;
mod element;
mod element_string;
mod error;
mod form;
mod gtin;
mod human_readable;
#[cfg(feature = "symbols")]
pub mod image;
mod input;
#[cfg(feature = "symbols")]
pub mod label;
mod linter;
mod parse;
mod repair;
mod scan;
mod symbology;

pub use digital_link::NotOneLink;
pub use element::{Element, ElementList, SEPARATOR};
pub use error::{Broken, ScanError};
pub use form::Form;
pub use linter::Rule;
pub use parse::parse;
pub use repair::Repair;
pub use scan::{Association, Scan};
pub use symbology::Symbology;
