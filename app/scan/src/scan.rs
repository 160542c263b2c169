//! What a scan means.

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
    /// The kind of symbol, if the scanner told.
    pub symbology: Option<Symbology>,
    pub form: Form,
    /// The elements in order, each AI once.
    pub elements: ElementList,
    /// What was not as it should be and was put right with certainty; empty for a scan that keeps
    /// to the standard.
    pub repairs: Vec<Repair>,
    /// What the scan would say if separators had been lost from it, though it is valid as it stands.
    ///
    /// A serial may well hold what looks like an AI, so most scans that have other readings are right
    /// as they are. Try these only where the elements lead nowhere, and never without telling.
    pub other_readings: Vec<ElementList>,
    pub(crate) current_year: u16,
}

/// A rule on which AIs stand together on one item, perhaps in several symbols (General
/// Specifications, section 4, data relationships).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Association {
    #[error("({ai}) must not stand on the same item as ({other})")]
    Excluded {
        ai: &'static str,
        other: &'static str,
    },
    #[error(
        "({ai}) means nothing without {}",
        .one_of.iter().map(|group| format!("({})", group.join(")("))).collect::<Vec<_>>().join(" or ")
    )]
    Missing {
        ai: &'static str,
        one_of: Vec<Vec<&'static str>>,
    },
}

impl Scan {
    /// The other readings, as scans of their own.
    pub fn reread(&self) -> impl Iterator<Item = Self> + '_ {
        self.other_readings.iter().map(|elements| Self {
            elements: elements.clone(),
            other_readings: Vec::new(),
            ..self.clone()
        })
    }

    /// GTIN, AI 01, as a number.
    pub fn gtin(&self) -> Option<u64> {
        self.number("01")
    }

    /// Batch or lot number, AI 10.
    pub fn lot_number(&self) -> Option<&str> {
        self.elements.get("10")
    }

    /// Serial number, AI 21.
    pub fn serial(&self) -> Option<&str> {
        self.elements.get("21")
    }

    /// Expiry date, AI 17: `YYYYMMDD`, day 00 = last of the month.
    pub fn expiry(&self) -> Option<u32> {
        self.date("17")
    }

    /// Production date, AI 11: `YYYYMMDD`, day 00 = not stated.
    pub fn production_date(&self) -> Option<u32> {
        self.date("11")
    }

    /// SSCC of a logistic unit, AI 00, as a number.
    pub fn sscc(&self) -> Option<u64> {
        self.number("00")
    }

    /// GTIN of what a logistic unit contains, AI 02, as a number.
    pub fn content_gtin(&self) -> Option<u64> {
        self.number("02")
    }

    /// How many items a logistic unit contains, AI 37.
    pub fn count(&self) -> Option<u32> {
        self.elements.get("37")?.parse().ok()
    }

    /// GLN of a physical location, AI 414, as a number.
    pub fn gln(&self) -> Option<u64> {
        self.number("414")
    }

    /// The rules on AIs that stand together which these elements break. Other symbols on the item
    /// may hold what is missing.
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

/// The year that two digits stand for: the nearest to the current one, 49 before it to 50 after it
/// (General Specifications, section 7.12).
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
    fn two_digits_stand_for_the_nearest_year() {
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
