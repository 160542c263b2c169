//! AIM symbology identifiers: the three characters that a scanner sends before the data to identify
//! the kind of symbol (ISO/IEC 15424; GS1 General Specifications, section 5.1).

use std::fmt;

use crate::form::Form;

/// The kind of symbol that a scan came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Symbology {
    /// `]C1`
    Gs1_128,
    /// `]e0` to `]e3`
    Gs1DataBar,
    /// `]d2`
    Gs1DataMatrix,
    /// `]Q3`
    Gs1QrCode,
    /// `]J1`
    Gs1DotCode,
    /// `]E0` (EAN-13, UPC-A, UPC-E), `]E4` (EAN-8)
    EanUpc,
    /// `]I0`, `]I1`
    Itf,
    /// `]C0`
    Code128,
    /// `]d0`, `]d1`
    DataMatrix,
    /// `]Q0`, `]Q1`
    QrCode,
}

const IDENTIFIERS: [(&str, Symbology); 17] = [
    ("]C1", Symbology::Gs1_128),
    ("]e0", Symbology::Gs1DataBar),
    ("]e1", Symbology::Gs1DataBar),
    ("]e2", Symbology::Gs1DataBar),
    ("]e3", Symbology::Gs1DataBar),
    ("]d2", Symbology::Gs1DataMatrix),
    ("]Q3", Symbology::Gs1QrCode),
    ("]J1", Symbology::Gs1DotCode),
    ("]E0", Symbology::EanUpc),
    ("]E4", Symbology::EanUpc),
    ("]I0", Symbology::Itf),
    ("]I1", Symbology::Itf),
    ("]C0", Symbology::Code128),
    ("]d0", Symbology::DataMatrix),
    ("]d1", Symbology::DataMatrix),
    ("]Q0", Symbology::QrCode),
    ("]Q1", Symbology::QrCode),
];

/// What precedes the data.
pub(crate) enum Prefix {
    /// No identifier.
    None,
    /// The identifier of a known symbology.
    Known(Symbology),
    /// The identifier of a symbology that carries element strings, with the case of its letter
    /// swapped by caps lock.
    CapsLock(Symbology),
    /// The identifier of a symbology that carries no GS1 data.
    Foreign,
}

impl Symbology {
    /// The length of a symbology identifier, in characters.
    pub(crate) const IDENTIFIER_LENGTH: usize = 3;

    /// Whether symbols of this kind always carry an element string.
    pub const fn carries_elements(self) -> bool {
        matches!(
            self,
            Self::Gs1_128
                | Self::Gs1DataBar
                | Self::Gs1DataMatrix
                | Self::Gs1QrCode
                | Self::Gs1DotCode
        )
    }

    /// Whether symbols of this kind carry one GTIN and nothing else.
    pub(crate) const fn carries_a_gtin(self) -> bool {
        matches!(self, Self::EanUpc | Self::Itf)
    }

    /// Whether the standard allows data of this form in such a symbol: an element string in GS1
    /// symbols, a GTIN in EAN/UPC and ITF-14, a GTIN or a web address in all others.
    pub(crate) const fn may_hold(self, form: Form) -> bool {
        match form {
            Form::ElementString => self.carries_elements(),
            Form::Gtin => !self.carries_elements(),
            Form::DigitalLink => !self.carries_elements() && !self.carries_a_gtin(),
            Form::HumanReadable => false,
        }
    }

    /// Examines the first characters of `text`.
    pub(crate) fn of(text: &[u8]) -> Prefix {
        let Some([b']', letter, modifier]) = text.first_chunk() else {
            return Prefix::None;
        };
        let find = |letter: u8| {
            IDENTIFIERS
                .iter()
                .find(|(identifier, _)| identifier.as_bytes()[1..] == [letter, *modifier])
                .map(|&(_, symbology)| symbology)
        };
        let swapped = letter ^ b' ';
        match (find(*letter), find(swapped)) {
            (Some(symbology), _) => Prefix::Known(symbology),
            (None, Some(symbology))
                if symbology.carries_elements() && letter.is_ascii_alphabetic() =>
            {
                Prefix::CapsLock(symbology)
            }
            _ => Prefix::Foreign,
        }
    }

    /// The symbology identified by the AIM identifier `]xy` at the start of `text`, if it is known.
    pub fn identified_by(text: &str) -> Option<Self> {
        match Self::of(text.as_bytes()) {
            Prefix::Known(symbology) => Some(symbology),
            _ => None,
        }
    }
}

impl fmt::Display for Symbology {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Gs1_128 => "GS1-128",
            Self::Gs1DataBar => "GS1 DataBar",
            Self::Gs1DataMatrix => "GS1 DataMatrix",
            Self::Gs1QrCode => "GS1 QR Code",
            Self::Gs1DotCode => "GS1 DotCode",
            Self::EanUpc => "EAN/UPC",
            Self::Itf => "ITF",
            Self::Code128 => "Code 128",
            Self::DataMatrix => "Data Matrix",
            Self::QrCode => "QR Code",
        })
    }
}
