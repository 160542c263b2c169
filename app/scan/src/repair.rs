//! The errors in a scan that can be corrected without doubt.

use crate::{form::Form, symbology::Symbology};

/// A correction. Positions count the bytes of the input from 0.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Repair {
    /// White space around the scan, other than the usual line end, was removed.
    #[error("spaces or line breaks around the scan were removed")]
    Surroundings,
    /// Spaces around an element's data were removed.
    #[error("spaces around the data of ({ai}) at position {position} were removed")]
    Spaces { ai: &'static str, position: usize },
    /// A substitute that scanners type for FNC1 was read as a separator.
    #[error("{text:?} at position {position} was read as a separator")]
    SpelledSeparator { text: String, position: usize },
    /// Caps lock was on: the case of all letters was swapped back.
    #[error(
        "upper and lower case were swapped back: the symbology identifier shows that caps lock was on"
    )]
    CapsLock,
    /// A separator before the first element was ignored.
    #[error("a separator before the first element was ignored")]
    LeadingSeparator,
    /// A separator after the last element was ignored.
    #[error("a separator after the last element was ignored")]
    TrailingSeparator,
    /// Two or more separators were read as one.
    #[error("the doubled separator at position {position} was read as one")]
    DoubledSeparator { position: usize },
    /// A separator after an element of predefined length was ignored.
    #[error("the unnecessary separator at position {position}, after ({ai}), was ignored")]
    UnnecessarySeparator { ai: &'static str, position: usize },
    /// A missing separator was inserted.
    #[error(
        "a missing separator was inserted at position {position}, after ({ai}): no other position \
         gives valid elements"
    )]
    MissingSeparator { ai: &'static str, position: usize },
    /// The symbol is not marked as a GS1 symbol.
    #[error("the symbol is not marked as a GS1 symbol (no FNC1), but contains valid elements")]
    MissingFnc1,
    /// The symbol should not contain data in this form.
    #[error("a {symbology} symbol should not contain {form}, but its meaning is clear")]
    ForeignForm { symbology: Symbology, form: Form },
    /// An AI occurs again with the same data.
    #[error("({ai}) occurs twice with the same data")]
    Repeated { ai: &'static str },
    /// Leading zeros were added to a GTIN.
    #[error("the GTIN has {digits} digits; leading zeros were added")]
    ShortGtin { digits: usize },
}
