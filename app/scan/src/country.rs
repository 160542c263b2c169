//! Countries by their codes in ISO 3166-1.

use std::{fmt, str::FromStr};

/// Numeric and alpha-2 codes of the officially assigned countries, one a line.
pub(crate) const CODES: &str = include_str!("../data/iso3166.txt");

/// A country, read and written by its alpha-2 code; a numeric one is read, too.
///
/// ```
/// use pedigree_scan::Country;
///
/// let country: Country = "CH".parse()?;
/// assert_eq!((country.numeric(), country.to_string().as_str()), (756, "CH"));
/// assert_eq!("756".parse(), Ok(country));
/// assert!("XX".parse::<Country>().is_err());
/// # Ok::<(), pedigree_scan::UnknownCountry>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Country {
    numeric: u16,
    alpha2: &'static str,
}

impl Country {
    /// The country with this numeric code, if there is one.
    pub fn from_numeric(numeric: u16) -> Option<Self> {
        countries().find(|country| country.numeric == numeric)
    }

    /// Its numeric code.
    pub const fn numeric(self) -> u16 {
        self.numeric
    }
}

/// No officially assigned country has this code.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a country: give its code in ISO 3166-1, such as CH or 756")]
pub struct UnknownCountry(String);

impl FromStr for Country {
    type Err = UnknownCountry;

    fn from_str(text: &str) -> Result<Self, UnknownCountry> {
        countries()
            .find(|country| {
                country.alpha2 == text || text.len() == 3 && text.parse() == Ok(country.numeric)
            })
            .ok_or_else(|| UnknownCountry(text.to_owned()))
    }
}

impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.alpha2)
    }
}

fn countries() -> impl Iterator<Item = Country> {
    CODES.lines().filter_map(|line| {
        let (numeric, alpha2) = line.split_once(' ')?;
        let numeric = numeric.parse().ok()?;
        Some(Country { numeric, alpha2 })
    })
}
