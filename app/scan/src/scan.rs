//! The meaning of a scan.

use crate::{
    dictionary::matches,
    element::{Element, ElementList},
    form::Form,
    repair::Repair,
    symbology::Symbology,
};

/// A scan that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scan {
    /// The kind of symbol, if the scanner sent a symbology identifier.
    pub symbology: Option<Symbology>,
    /// The form in which the scan arrived.
    pub form: Form,
    /// The elements in order, each AI once.
    pub elements: ElementList,
    /// The errors that were corrected without doubt; empty if the scan conforms to the standard.
    pub repairs: Vec<Repair>,
    /// What the scan would mean if separators were missing from it, though it is valid as it is.
    ///
    /// A serial number may contain what looks like an AI, so most scans with other readings are
    /// correct as they are. Try these only if nothing is known about the elements, and always say so.
    pub other_readings: Vec<ElementList>,
    /// The year from which the century of dates is derived.
    pub(crate) current_year: u16,
}

/// A violated rule on the AIs of one item, which may carry several symbols (General Specifications,
/// section 4, data relationships).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Association {
    /// Two AIs exclude each other.
    #[error("({ai}) must not be on the same item as ({other})")]
    Excluded {
        ai: &'static str,
        other: &'static str,
    },
    /// An AI requires all AIs of one of these groups; `n` in an AI is any digit.
    #[error(
        "({ai}) requires {}",
        .one_of.iter().map(|group| format!("({})", group.join(")("))).collect::<Vec<_>>().join(" or ")
    )]
    Missing {
        ai: &'static str,
        one_of: Vec<Vec<&'static str>>,
    },
}

impl Scan {
    /// The other readings, each as a scan.
    pub fn reread(&self) -> impl Iterator<Item = Self> + '_ {
        self.other_readings.iter().map(|elements| Self {
            elements: elements.clone(),
            other_readings: Vec::new(),
            ..self.clone()
        })
    }

    /// The GTIN, AI 01, as a number without leading zeros.
    pub fn gtin(&self) -> Option<u64> {
        self.number("01")
    }

    /// The batch or lot number, AI 10: 1 to 20 characters of GS1 character set 82.
    pub fn lot_number(&self) -> Option<&str> {
        self.elements.get("10")
    }

    /// The serial number, AI 21: 1 to 20 characters of GS1 character set 82.
    pub fn serial(&self) -> Option<&str> {
        self.elements.get("21")
    }

    /// The expiry date, AI 17, as the number `YYYYMMDD`; day 00 is the last day of the month.
    pub fn expiry(&self) -> Option<u32> {
        self.date("17")
    }

    /// The production date, AI 11, as the number `YYYYMMDD`; day 00 is not stated.
    pub fn production_date(&self) -> Option<u32> {
        self.date("11")
    }

    /// The SSCC of a logistic unit, AI 00, as a number without leading zeros.
    pub fn sscc(&self) -> Option<u64> {
        self.number("00")
    }

    /// The GTIN of the contents of a logistic unit, AI 02, as a number without leading zeros.
    pub fn content_gtin(&self) -> Option<u64> {
        self.number("02")
    }

    /// The number of items in a logistic unit, AI 37.
    pub fn count(&self) -> Option<u32> {
        self.elements.get("37")?.parse().ok()
    }

    /// The GLN of a physical location, AI 414, as a number without leading zeros.
    pub fn gln(&self) -> Option<u64> {
        self.number("414")
    }

    /// The rules on AIs of one item that these elements violate. Missing AIs may be in other symbols on
    /// the item.
    pub fn broken_associations(&self) -> Vec<Association> {
        let elements = &self.elements.0;
        let has = |pattern: &str| {
            elements
                .iter()
                .any(|element| matches(pattern, element.ai()))
        };
        let mut broken = Vec::new();
        for element in elements {
            let (ai, entry) = (element.ai(), element.entry());
            let excluded = |other: &&Element| {
                let other = other.ai();
                other != ai && entry.excludes.iter().any(|pattern| matches(pattern, other))
            };
            broken.extend(elements.iter().filter(excluded).map(|other| {
                let other = other.ai();
                Association::Excluded { ai, other }
            }));
            let missing = entry
                .requires
                .iter()
                .filter(|one_of| !one_of.iter().any(|group| group.iter().all(|ai| has(ai))));
            broken.extend(missing.map(|one_of| {
                let one_of = one_of.clone();
                Association::Missing { ai, one_of }
            }));
        }
        broken
    }

    fn number(&self, ai: &str) -> Option<u64> {
        self.elements.get(ai)?.parse().ok()
    }

    fn date(&self, ai: &str) -> Option<u32> {
        let short: u32 = self.elements.get(ai)?.parse().ok()?;
        let year = full_year(short / 10_000, u32::from(self.current_year));
        Some(year * 10_000 + short % 10_000)
    }
}

/// The year with these last two digits that is nearest to the current one: from 49 years before it to
/// 50 after it (General Specifications, section 7.12).
fn full_year(two_digits: u32, current: u32) -> u32 {
    let year = current - current % 100 + two_digits;
    if year >= current + 51 {
        year.saturating_sub(100)
    } else if year + 50 <= current {
        year + 100
    } else {
        year
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_digit_years_are_the_nearest() {
        for (two_digits, current, year) in [
            (29, 2026, 2029),
            (76, 2026, 2076),
            (77, 2026, 1977),
            (0, 2026, 2000),
            (99, 2026, 1999),
            (26, 2076, 2126),
            (27, 2076, 2027),
            (10, 2099, 2110),
        ] {
            assert_eq!(
                full_year(two_digits, current),
                year,
                "{two_digits} {current}"
            );
        }
    }
}
