//! Why a scan cannot be read.

use crate::{element::ElementList, linter::Rule};

/// An element whose data breaks a rule of its AI.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("({ai}) {title} at position {position}: {rule}")]
pub struct Broken {
    pub ai: &'static str,
    pub title: &'static str,
    /// The byte of the input, counted from 0, at which it shows.
    pub position: usize,
    pub rule: Rule,
}

/// Why a scan has no meaning, or more than one. Positions count the bytes of the input from 0.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ScanError {
    #[error("the scan is empty: scan again")]
    Empty,

    #[error("the scan has {length} bytes, more than any symbol holds: is it another file?")]
    TooLong { length: usize },

    #[error(
        "{character:?} at position {position} cannot stand in GS1 data (GS1 General Specifications, \
         section 7.11): check the scanner's keyboard layout"
    )]
    Character { character: char, position: usize },

    #[error("{identifier} is a symbol that carries no GS1 data: scan the pack's GS1 symbol")]
    ForeignSymbol { identifier: String },

    #[error(
        "no GS1 application identifier begins with {text:?} at position {position} (GS1 General \
         Specifications, section 3.2): scan again, or look for a lost separator before it"
    )]
    UnknownAi { text: String, position: usize },

    #[error(transparent)]
    Element(#[from] Broken),

    /// A separator was lost and its place cannot be told.
    #[error(
        "a separator is missing (GS1 General Specifications, section 7.8) and the scan may be any of \
         {}{}: scan again or compare with the print on the pack",
        .readings.iter().map(ToString::to_string).collect::<Vec<_>>().join(" or "),
        if *.more { " or others" } else { "" }
    )]
    MissingSeparator {
        readings: Vec<ElementList>,
        /// Whether there are further readings that were not looked for.
        more: bool,
    },

    #[error(
        "({ai}) stands twice, as {first:?} and as {second:?} (GS1 General Specifications, section \
         7.8): scan the symbols one at a time"
    )]
    Conflict {
        ai: &'static str,
        first: String,
        second: String,
    },

    #[error("{reason} (GS1 Digital Link URI syntax), at position {position}")]
    Link { reason: String, position: usize },
}
