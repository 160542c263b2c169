//! What an answer about a pack means to the person who has it in hand.

use std::fmt;

use anstyle::AnsiColor;
use pedigree_verify::verdict::{AdditionalInformation, Conclusion, FailureReason};

use crate::output::paint;

/// An answer in a word, its code and what to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Advice {
    pub word: &'static str,
    pub code: Option<&'static str>,
    pub what_to_do: &'static str,
}

impl Advice {
    /// On a pack with this failure and information. `is_product_known` distinguishes a wrong serial number
    /// from a wrong GTIN, which have the same code.
    pub fn on(
        failure: Option<FailureReason>,
        information: &[AdditionalInformation],
        is_product_known: bool,
    ) -> Self {
        match Conclusion::of(failure, information) {
            Conclusion::Verified => Self {
                word: "VERIFIED",
                code: None,
                what_to_do: "the label agrees with the ledger",
            },
            Conclusion::PotentiallySuspect(reason) => Self {
                word: "POTENTIALLY SUSPECT",
                code: Some(reason.code()),
                what_to_do: on_failure(reason, is_product_known),
            },
            Conclusion::Ineligible(information) => on_information(information),
        }
    }

    /// The word in its colour.
    pub fn title(&self) -> String {
        paint(self.color(), self.word)
    }

    fn color(&self) -> AnsiColor {
        match self.code {
            None => AnsiColor::Green,
            Some(_) => AnsiColor::Red,
        }
    }
}

fn on_information(information: AdditionalInformation) -> Advice {
    let (word, what_to_do) = match information {
        AdditionalInformation::Illegitimate => (
            "ILLEGITIMATE",
            "the pack was found illegitimate, alone or with its lot; set it aside and inform the \
             manufacturer",
        ),
        AdditionalInformation::Recalled => ("RECALLED", "set the pack aside and return it"),
        AdditionalInformation::Suspect => (
            "SUSPECT",
            "the pack is on hold, alone or with its lot; set it aside until it is released",
        ),
        AdditionalInformation::Expired => ("EXPIRED", "do not dispense; dispose of it"),
    };
    Advice {
        word,
        code: Some(information.code()),
        what_to_do,
    }
}

fn on_failure(reason: FailureReason, is_product_known: bool) -> &'static str {
    match reason {
        FailureReason::NoMatchGtinSerial if is_product_known => {
            "the lot has no such serial number; read the label again, and if it still differs set \
             the pack aside"
        }
        FailureReason::NoMatchGtinSerial => {
            "no such product is registered; read the label again, and if it still differs set the \
             pack aside"
        }
        FailureReason::NoMatchGtinSerialLot => {
            "the product has no such lot, or the serial number belongs to another one; read the label \
             again, and if it still differs set the pack aside"
        }
        FailureReason::NoMatchGtinSerialExpiry => {
            "the lot has another expiry date; read the label again, and if it still differs set the \
             pack aside"
        }
        FailureReason::NoMatchGtinSerialLotExpiry => {
            "lot and expiry are not those of the serial number; read the label again, and if it still differs set the \
             pack aside"
        }
        FailureReason::NotForRedistribution => {
            "the pack has left the chain, or goes to be destroyed; set it aside, and see with `pedigree unit` what \
             became of it"
        }
        FailureReason::NoReasonProvided => {
            "the lot agrees, but no manifest that was given shows whether it has the serial number; use the lot's \
             manifest, or ask the manufacturer"
        }
    }
}

/// One line, coloured on a terminal.
impl fmt::Display for Advice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let title = paint(self.color(), &format!("{}:", self.word));
        match self.code {
            // The word already names the code.
            Some(code) if !code.eq_ignore_ascii_case(self.word) => {
                write!(f, "{title} {code}: {}", self.what_to_do)
            }
            _ => write!(f, "{title} {}", self.what_to_do),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gravest_reason_gives_the_word() {
        let on = |failure, information: &[AdditionalInformation]| {
            let advice = Advice::on(failure, information, true);
            (advice.word, advice.code)
        };
        assert_eq!(on(None, &[]), ("VERIFIED", None));
        assert_eq!(
            on(
                None,
                &[
                    AdditionalInformation::Recalled,
                    AdditionalInformation::Expired
                ]
            ),
            ("RECALLED", Some("Recalled"))
        );
        assert_eq!(
            on(Some(FailureReason::NoReasonProvided), &[]),
            ("POTENTIALLY SUSPECT", Some("No_reason_provided"))
        );
        assert_eq!(
            on(
                Some(FailureReason::NoReasonProvided),
                &[AdditionalInformation::Recalled]
            ),
            ("RECALLED", Some("Recalled"))
        );
        assert_eq!(
            on(
                Some(FailureReason::NotForRedistribution),
                &[AdditionalInformation::Recalled]
            ),
            ("POTENTIALLY SUSPECT", Some("Not_for_re-distribution"))
        );
    }
}
