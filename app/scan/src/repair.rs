//! What a scan had wrong that could be put right with certainty.

use crate::{form::Form, symbology::Symbology};

/// A repair. Positions count the bytes of the input from 0.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Repair {
    #[error("spaces or line ends around the scan were removed")]
    Surroundings,
    #[error("spaces beside the data of ({ai}) at position {position} were removed")]
    Spaces { ai: &'static str, position: usize },
    #[error("{text:?} at position {position} was read as the separator that it spells out")]
    SpelledSeparator { text: String, position: usize },
    #[error(
        "capitals and small letters were swapped: caps lock was on, as the symbology identifier shows"
    )]
    CapsLock,
    #[error("a separator before the first element was left out")]
    LeadingSeparator,
    #[error("the separator after the last element was left out")]
    TrailingSeparator,
    #[error("the doubled separator at position {position} was read as one")]
    DoubledSeparator { position: usize },
    #[error("the separator at position {position} is needless after ({ai})")]
    NeedlessSeparator { ai: &'static str, position: usize },
    #[error(
        "the separator that is missing at position {position}, after ({ai}), was put in: no other \
         place gives valid elements"
    )]
    MissingSeparator { ai: &'static str, position: usize },
    #[error("the symbol does not say that it is a GS1 symbol (no FNC1), but holds valid elements")]
    MissingFnc1,
    #[error(
        "a {symbology} symbol should not hold {form}, but this one does, and it has one meaning"
    )]
    ForeignForm { symbology: Symbology, form: Form },
    #[error("({ai}) stands twice with the same data")]
    Repeated { ai: &'static str },
    #[error("the GTIN was written with {digits} digits; zeros were put before it")]
    ShortGtin { digits: usize },
}
