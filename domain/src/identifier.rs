//! Identifiers as people and labels write them, checked before anything is sent.

use alloc::{
    borrow::ToOwned,
    format,
    string::{String, ToString},
    vec::Vec,
};
use core::{fmt, str::FromStr};

#[cfg(feature = "serde")]
use serde::{Serialize, Serializer};

use crate::{expiry, gs1, lot_number};

pub use crate::gs1::{CompanyPrefix, LeadingDigits};

/// Why a text is not the identifier it should be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not a valid {what}: {reason}")]
pub struct InvalidIdentifier {
    pub what: &'static str,
    pub text: String,
    pub reason: String,
}

pub(crate) fn invalid(
    what: &'static str,
    text: &str,
    reason: impl Into<String>,
) -> InvalidIdentifier {
    InvalidIdentifier {
        what,
        text: text.to_owned(),
        reason: reason.into(),
    }
}

/// Reads a GS1 key written with one of `lengths` digits.
fn parse_key(
    what: &'static str,
    text: &str,
    lengths: &[usize],
    digits: u8,
) -> Result<u64, InvalidIdentifier> {
    if let Some(other) = text.chars().find(|c| !c.is_ascii_digit()) {
        return Err(invalid(
            what,
            text,
            format!("it contains {other:?}, but only digits are allowed"),
        ));
    }
    if !lengths.contains(&text.len()) {
        let allowed = lengths
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join(", ");
        return Err(invalid(
            what,
            text,
            format!("it has {} digits instead of {allowed}", text.len()),
        ));
    }
    let key: u64 = text
        .parse()
        .map_err(|_| invalid(what, text, "it is too long"))?;
    if key == 0 {
        return Err(invalid(what, text, "zero is never assigned"));
    }
    if !gs1::is_valid_key(key, digits) {
        let right = gs1::check_digit(key / 10);
        return Err(invalid(
            what,
            text,
            format!(
                "its check digit is {}, but the other digits call for {right}; look for a typing error",
                key % 10
            ),
        ));
    }
    Ok(key)
}

macro_rules! gs1_key {
    ($(#[$doc:meta])+ $name:ident, $what:literal, $lengths:expr, $digits:expr) => {
        $(#[$doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(u64);

        impl $name {
            /// The key as accounts hold it.
            pub const fn number(self) -> u64 {
                self.0
            }

            /// A key read from an account, which the program has checked.
            pub const fn from_account(number: u64) -> Self {
                Self(number)
            }
        }

        impl FromStr for $name {
            type Err = InvalidIdentifier;

            fn from_str(text: &str) -> Result<Self, InvalidIdentifier> {
                parse_key($what, text.trim(), $lengths, $digits).map(Self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&format!("{:0width$}", self.0, width = $digits as usize))
            }
        }

        #[cfg(feature = "serde")]
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }
    };
}

gs1_key! {
    /// A Global Trade Item Number, read as GTIN-8, -12, -13 or -14, written with 14 digits.
    Gtin, "GTIN", &[8, 12, 13, 14], gs1::GTIN_DIGITS
}
gs1_key! {
    /// A Global Location Number: 13 digits.
    Gln, "GLN", &[13], gs1::GLN_DIGITS
}
gs1_key! {
    /// A Serial Shipping Container Code, which names a case or a pallet: 18 digits.
    Sscc, "SSCC", &[18], gs1::SSCC_DIGITS
}

impl Sscc {
    /// The package that a consignment's account or an instruction names; 0 stands for none.
    pub const fn of_consignment(number: u64) -> Option<Self> {
        match number {
            0 => None,
            number => Some(Self(number)),
        }
    }
}

/// Why a company prefix of the right length is not one.
const GTIN_8: &str = "it would cover GTIN-8s, which are under no company prefix: name one of them by five zeros \
                      and its first seven digits";

/// Texts of digits whose number counts: 4 to 12 of a company prefix, 1 to 12 of what prefixes begin with,
/// leading zeros included.
macro_rules! digits {
    ($name:ident, $what:literal, $lengths:literal) => {
        impl FromStr for $name {
            type Err = InvalidIdentifier;

            fn from_str(text: &str) -> Result<Self, InvalidIdentifier> {
                let text = text.trim();
                if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
                    return Err(invalid($what, text, "only digits are allowed"));
                }
                let digits = u8::try_from(text.len()).ok().zip(text.parse().ok());
                digits
                    .map(|(digits, value)| Self { value, digits })
                    .filter(|digits| digits.is_valid())
                    .ok_or_else(|| {
                        let count = text.len();
                        let fits = |(digits, _)| gs1::COMPANY_PREFIX_DIGITS.contains(&digits);
                        let reason = match digits.is_some_and(fits) {
                            true => GTIN_8.to_owned(),
                            false => format!("it has {count} digits instead of {}", $lengths),
                        };
                        invalid($what, text, reason)
                    })
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let Self { value, digits } = self;
                write!(f, "{value:0width$}", width = usize::from(*digits))
            }
        }

        #[cfg(feature = "serde")]
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }
    };
}

digits!(CompanyPrefix, "GS1 company prefix", "4 to 12");
digits!(LeadingDigits, "beginning of company prefixes", "1 to 12");

/// A lot number: 1 to 20 characters of GS1 character set 82.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct LotNumber([u8; lot_number::LOT_NUMBER_BYTES]);

impl LotNumber {
    /// The lot number as accounts hold it: padded with zeros.
    pub const fn bytes(self) -> [u8; lot_number::LOT_NUMBER_BYTES] {
        self.0
    }

    /// A lot number read from an account, which the program has checked.
    pub const fn from_account(bytes: [u8; lot_number::LOT_NUMBER_BYTES]) -> Self {
        Self(bytes)
    }
}

impl FromStr for LotNumber {
    type Err = InvalidIdentifier;

    fn from_str(text: &str) -> Result<Self, InvalidIdentifier> {
        const WHAT: &str = "lot number";
        if let Some(other) = text
            .chars()
            .find(|&c| !u8::try_from(c).is_ok_and(lot_number::is_charset_82))
        {
            let reason = format!(
                "{other:?} is not in GS1 character set 82 (letters, digits and !\"%&'()*+,-./:;<=>?_)"
            );
            return Err(invalid(WHAT, text, reason));
        }
        lot_number::from_text(text).map(Self).ok_or_else(|| {
            invalid(
                WHAT,
                text,
                format!("it has {} characters instead of 1 to 20", text.len()),
            )
        })
    }
}

impl fmt::Display for LotNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(lot_number::to_text(&self.0).unwrap_or("(not ASCII)"))
    }
}

impl fmt::Debug for LotNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LotNumber({self})")
    }
}

#[cfg(feature = "serde")]
impl Serialize for LotNumber {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// An expiry date as the label says it. Written as `2028-02-29`, or as `2028-02` for the last of
/// the month; read in those forms, as `YYYYMMDD` and as a GS1 `YYMMDD`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Expiry(u32);

impl Expiry {
    /// The date as accounts hold it: `YYYYMMDD`, day 00 = last of the month.
    pub const fn label(self) -> u32 {
        self.0
    }

    /// A date read from an account, which the program has checked.
    pub const fn from_account(label: u32) -> Self {
        Self(label)
    }

    /// Whether both name the same day, with day 00 spelled out.
    pub const fn is_same_day(self, other: Self) -> bool {
        expiry::spelled_out(self.0) == expiry::spelled_out(other.0)
    }
}

impl FromStr for Expiry {
    type Err = InvalidIdentifier;

    fn from_str(text: &str) -> Result<Self, InvalidIdentifier> {
        const WHAT: &str = "expiry date";
        let text = text.trim();
        let forms = "write it as YYYY-MM-DD, YYYY-MM, YYYYMMDD or YYMMDD";
        let number = |digits: &str| {
            digits
                .bytes()
                .all(|byte| byte.is_ascii_digit())
                .then(|| digits.parse::<u32>().ok())
                .flatten()
        };
        let label = match *text.split('-').collect::<Vec<_>>() {
            [year, month, day] if (year.len(), month.len(), day.len()) == (4, 2, 2) => {
                number(&[year, month, day].concat())
            }
            [year, month] if (year.len(), month.len()) == (4, 2) => {
                number(&[year, month, "00"].concat())
            }
            [digits] if digits.len() == 8 => number(digits),
            // Two-digit years of 51 to 99 lie in the last century by GS1's rule (General
            // Specifications, section 7.12), which no pack in trade today can mean.
            [digits] if digits.len() == 6 => number(digits).map(|short| {
                let century = if short / 10_000 > 50 { 1900 } else { 2000 };
                century * 10_000 + short
            }),
            _ => None,
        };
        let label = label.ok_or_else(|| invalid(WHAT, text, forms))?;
        if expiry::expires_at(label).is_none() {
            return Err(invalid(
                WHAT,
                text,
                "there is no such day between 2000 and 2099",
            ));
        }
        Ok(Self(label))
    }
}

impl fmt::Display for Expiry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = (self.0 / 10_000, self.0 / 100 % 100, self.0 % 100);
        f.pad(&match day {
            0 => format!("{year:04}-{month:02}"),
            _ => format!("{year:04}-{month:02}-{day:02}"),
        })
    }
}

#[cfg(feature = "serde")]
impl Serialize for Expiry {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn shorter_gtins_are_the_same_number() {
        let gtin: Gtin = "9506000134352".parse().unwrap();
        assert_eq!(gtin, "09506000134352".parse().unwrap());
        assert_eq!(gtin.to_string(), "09506000134352");
    }

    #[test]
    fn errors_say_what_is_wrong() {
        let error = |result: Result<Gtin, InvalidIdentifier>| result.unwrap_err().to_string();
        assert!(
            error("09506000134353".parse())
                .contains("check digit is 3, but the other digits call for 2")
        );
        assert!(
            error("0950600013435".parse()).contains("check digit")
                || error("0950600013435".parse()).contains("digits")
        );
        assert!(error("0950600O134352".parse()).contains("'O'"));
        assert!(error("1".parse()).contains("1 digits instead of 8, 12, 13, 14"));
    }

    #[test]
    fn an_sscc_has_18_digits() {
        let sscc: Sscc = "106141412345678908".parse().unwrap();
        assert_eq!(Sscc::of_consignment(sscc.number()), Some(sscc));
        assert_eq!(Sscc::of_consignment(0), None);
        let small: Sscc = "006141411234567890".parse().unwrap();
        assert_eq!(small.to_string(), "006141411234567890");
        for text in ["106141412345678909", "00106141412345678908", "(00)1"] {
            assert!(text.parse::<Sscc>().is_err(), "{text}");
        }
    }

    #[test]
    fn an_expiry_is_read_in_every_form() {
        for text in ["2028-02-29", "20280229", "280229"] {
            assert_eq!(
                text.parse::<Expiry>().unwrap().label(),
                20_280_229,
                "{text}"
            );
        }
        for text in ["2028-02", "20280200", "280200"] {
            let expiry = text.parse::<Expiry>().unwrap();
            assert_eq!(expiry.to_string(), "2028-02");
            assert!(expiry.is_same_day(Expiry::from_account(20_280_229)));
        }
        for text in [
            "2027-02-30",
            "30 February",
            "2027-2-1",
            "990101",
            "2027-13",
            "",
            "+2027011",
        ] {
            assert!(text.parse::<Expiry>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_lot_number_keeps_to_its_character_set() {
        let reason = "LOT 1".parse::<LotNumber>().unwrap_err().to_string();
        assert!(
            reason.contains("' ' is not in GS1 character set 82"),
            "{reason}"
        );
        assert!("".parse::<LotNumber>().is_err());
        assert!("123456789012345678901".parse::<LotNumber>().is_err());
    }

    #[test]
    fn a_company_prefix_keeps_its_zeros() {
        let prefix: CompanyPrefix = "0614141".parse().unwrap();
        assert_eq!(
            prefix,
            CompanyPrefix {
                value: 614_141,
                digits: 7
            }
        );
        assert_eq!(prefix.to_string(), "0614141");
        for text in ["", "123", "1234567890123", "12a4"] {
            assert!(text.parse::<CompanyPrefix>().is_err(), "{text}");
        }
        let of_gtin_8 = "000004001234".parse::<CompanyPrefix>().unwrap();
        assert_eq!(of_gtin_8.to_string(), "000004001234");
        for text in ["0000", "00000400"] {
            let reason = text.parse::<CompanyPrefix>().unwrap_err().to_string();
            assert!(
                reason.contains("five zeros and its first seven digits"),
                "{reason}"
            );
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(body in 1u64..10u64.pow(13)) {
            let gtin = Gtin::from_account(body * 10 + u64::from(gs1::check_digit(body)));
            prop_assert_eq!(gtin.to_string().parse::<Gtin>().unwrap(), gtin);
        }

        #[test]
        fn no_text_makes_a_parser_panic(text in "\\PC*") {
            let _ = text.parse::<Gtin>();
            let _ = text.parse::<Gln>();
            let _ = text.parse::<Sscc>();
            let _ = text.parse::<CompanyPrefix>();
            let _ = text.parse::<LotNumber>();
            let _ = text.parse::<Expiry>();
        }
    }
}
