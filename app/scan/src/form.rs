//! The forms in which a scan may arrive.

use std::fmt;

/// The form in which a scan arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Form {
    /// AIs and data with separators, as GS1 symbols hold them.
    ElementString,
    /// AIs in brackets, as people type them.
    HumanReadable,
    /// A web address.
    DigitalLink,
    /// A bare GTIN-8, -12, -13 or -14, as EAN/UPC and ITF-14 symbols hold it.
    Gtin,
}

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::ElementString => "an element string",
            Self::HumanReadable => "text for people, with AIs in brackets",
            Self::DigitalLink => "a web address",
            Self::Gtin => "a bare GTIN",
        })
    }
}
