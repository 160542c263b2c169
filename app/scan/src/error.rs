//! Why a scan cannot be read.

use crate::{dictionary::Entry, element::ElementList, linter::Violation};

/// An element whose data violates a rule of its AI.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("({ai}) {title} at position {position}: {violation}")]
pub struct InvalidElement {
    /// The AI, two to four digits.
    pub ai: &'static str,
    /// The AI's data title, such as `GTIN`.
    pub title: &'static str,
    /// The byte of the input, counted from 0, at which the error shows.
    pub position: usize,
    /// The rule and how the data violates it.
    pub violation: Violation,
}

impl InvalidElement {
    pub(crate) fn new(entry: &'static Entry, position: usize, violation: Violation) -> Self {
        Self {
            ai: &entry.ai,
            title: entry.title,
            position,
            violation,
        }
    }
}

/// Why a scan has no meaning, or more than one. Positions count the bytes of the input from 0.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ScanError {
    /// There is nothing but white space, separators or a symbology identifier.
    #[error("the scan is empty: scan again")]
    Empty,

    /// There are more bytes than in any symbol.
    #[error(
        "the scan has {length} bytes, more than any symbol can hold: check that it is not another \
         kind of file"
    )]
    TooLong { length: usize },

    /// A character is not ASCII.
    #[error(
        "{character:?} at position {position} is not allowed in GS1 data (GS1 General \
         Specifications, section 7.11): check the scanner's keyboard layout"
    )]
    Character { character: char, position: usize },

    /// The symbology identifier is one of symbols that never carry GS1 data.
    #[error(
        "a symbol with the identifier {identifier} carries no GS1 data: scan the pack's GS1 symbol"
    )]
    ForeignSymbol { identifier: String },

    /// The text where an AI should be is not an assigned one.
    #[error(
        "{text:?} at position {position} does not start with a GS1 application identifier (GS1 \
         General Specifications, section 3.2): scan again, or look for a missing separator before it"
    )]
    UnknownAi { text: String, position: usize },

    /// An element's data violates a rule of its AI.
    #[error(transparent)]
    Element(#[from] InvalidElement),

    /// A separator was lost, and there are several positions where it may have been.
    #[error(
        "a separator is missing (GS1 General Specifications, section 7.8), and the scan could mean \
         {}{}: scan again, or compare it with the text printed on the pack",
        .readings.iter().map(ToString::to_string).collect::<Vec<_>>().join(" or "),
        if *.more { " or something else" } else { "" }
    )]
    MissingSeparator {
        readings: Vec<ElementList>,
        /// Whether there may be more readings; the search for them was cut short.
        more: bool,
    },

    /// An AI occurs twice, with different data.
    #[error(
        "({ai}) occurs twice, as {first:?} and as {second:?} (GS1 General Specifications, section \
         7.8): scan one symbol at a time"
    )]
    Conflict {
        ai: &'static str,
        first: String,
        second: String,
    },

    /// A web address is not a GS1 Digital Link URI.
    #[error("{reason}, at position {position} (GS1 Digital Link URI syntax)")]
    Link { reason: String, position: usize },
}
