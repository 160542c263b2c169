//! GS1 barcodes: parsing what a scanner sends, reading symbols in pictures, drawing labels.
//!
//! - [`parse`] reads a scan in any form that scanners and keyboards produce, or a GS1 Digital Link
//!   URI, and returns a [`Scan`]: checked GS1 elements in order, with a list of the repairs.
//! - `image` finds and decodes the symbols in a PNG or JPEG file.
//! - `label` draws GS1 DataMatrix labels for units, cases and whole lots; `qr_code` draws QR Codes of links.
//!
//! The last ones need the feature `symbols`, which is on by default. The parser alone uses neither
//! files nor a clock and compiles for `wasm32-unknown-unknown`.
//!
//! What the elements mean on the ledger is left to the client.
//!
//! # Why another parser
//!
//! None of the crates that parse GS1 strings includes the complete GS1 Syntax Dictionary, and none
//! distinguishes a correct string from one that it repaired, which decides whether a pharmacist may
//! trust an answer. So the [`dictionary`] is data here, in GS1's own file format, and the parser is
//! built on it. The crate `rxing` reads pictures and the crate `datamatrix` encodes labels.

mod country;
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
#[cfg(feature = "symbols")]
pub mod qr_code;
mod repair;
mod scan;
mod symbology;

pub use country::{Country, UnknownCountry};
pub use digital_link::DigitalLinkError;
pub use element::{Element, ElementList, SEPARATOR};
pub use error::{InvalidElement, ScanError};
pub use form::Form;
pub use linter::Violation;
pub use parse::parse;
pub use repair::Repair;
pub use scan::{Association, Scan};
pub use symbology::Symbology;
