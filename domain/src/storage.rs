//! Storage temperatures as labels write them.

use alloc::format;
use core::str::FromStr;

use crate::identifier::{InvalidIdentifier, invalid};

const WHAT: &str = "storage range";

/// The temperatures at which a product is stored (GDP 2013/C 343/01, chapter 3.2), in tenths of a degree
/// Celsius. Written as `2..8` or `-25..-15.5`, lower first; which of them is lower is for the registry's rules
/// to check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StorageRange {
    /// The lowest.
    pub min: i16,
    /// The highest.
    pub max: i16,
}

impl FromStr for StorageRange {
    type Err = InvalidIdentifier;

    fn from_str(text: &str) -> Result<Self, InvalidIdentifier> {
        let Some((min, max)) = text.split_once("..") else {
            return Err(invalid(WHAT, text, "write it as 2..8"));
        };
        let end = |degrees: &str| {
            tenths(degrees.trim()).ok_or_else(|| {
                let reason = format!(
                    "{degrees:?} is not a temperature in °C with at most one decimal, from -273.1 to 1000"
                );
                invalid(WHAT, text, reason)
            })
        };
        Ok(Self {
            min: end(min)?,
            max: end(max)?,
        })
    }
}

/// A temperature in tenths of a degree; `None` if it is not one, or has more decimals.
fn tenths(degrees: &str) -> Option<i16> {
    let (is_below_zero, digits) = match degrees.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, degrees.strip_prefix('+').unwrap_or(degrees)),
    };
    let (whole, decimals) = digits.split_once('.').unwrap_or((digits, "0"));
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let decimal = decimals.trim_end_matches('0');
    if !is_number(whole) || !is_number(decimals) || decimal.len() > 1 {
        return None;
    }
    let decimal: i16 = if decimal.is_empty() {
        0
    } else {
        decimal.parse().ok()?
    };
    let tenths = whole
        .parse::<i16>()
        .ok()?
        .checked_mul(10)?
        .checked_add(decimal)?;
    let tenths = if is_below_zero { -tenths } else { tenths };
    (-2_731..=10_000).contains(&tenths).then_some(tenths)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn temperatures_have_one_decimal_at_most() {
        let range = |text: &str| text.parse().map(|StorageRange { min, max }| (min, max));
        assert_eq!(range("2..8"), Ok((20, 80)));
        assert_eq!(range("-25 .. -15.5"), Ok((-250, -155)));
        assert_eq!(range("-0.5..+0.50"), Ok((-5, 5)));
        for text in ["", "2", "2-8"] {
            assert_eq!(range(text).unwrap_err().reason, "write it as 2..8");
        }
        for end in [
            "", "warm", "2.55", "-300", "1000.1", "40000", "inf", "NaN", "1e1", ".5", "5.", "--5",
        ] {
            let reason = range(&format!("{end}..8")).unwrap_err().reason;
            assert!(reason.contains("is not a temperature"), "{end}: {reason}");
        }
    }
}
