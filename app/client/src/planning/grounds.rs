//! What a case is opened on.

use std::fmt;

use custody::ExceptionCode;
use pedigree_interface::instruction::custody::Finding;

/// What is wrong with goods.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grounds {
    /// The discrepancy; [`ExceptionCode::None`] if the product is suspect.
    pub exception: ExceptionCode,
    /// How many units it concerns; `None` for all.
    pub units: Option<u32>,
    /// Salted SHA-256 of the document behind it.
    pub document_hash: Option<[u8; 32]>,
}

impl Grounds {
    /// As instructions take it, about goods of `quantity` units.
    pub(super) fn finding(&self, quantity: u32) -> Finding {
        Finding {
            exception: self.exception,
            units: self.units.unwrap_or(quantity),
            document_hash: self.document_hash,
        }
    }
}

/// The reason, in a few words.
impl fmt::Display for Grounds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.exception {
            ExceptionCode::None => f.write_str("suspect product"),
            exception => exception.fmt(f),
        }
    }
}
