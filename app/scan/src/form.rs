//! The forms in which a scan may arrive.

use std::fmt;

/// The form of a scan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Form {
    /// AIs and data with separators, as GS1 symbols carry them.
    ElementString,
    /// AIs in brackets, as they are printed beside symbols and typed.
    HumanReadable,
    /// A GS1 Digital Link URI.
    DigitalLink,
    /// A GTIN-8, -12, -13 or -14 alone, as EAN/UPC and ITF-14 symbols carry it.
    Gtin,
}

/// With its article: `an element string`.
impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::ElementString => "an element string",
            Self::HumanReadable => "bracketed text",
            Self::DigitalLink => "a web address",
            Self::Gtin => "a bare GTIN",
        })
    }
}
