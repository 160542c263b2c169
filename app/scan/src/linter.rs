//! The checks of an element's components, which the dictionary calls linters.
//!
//! `couponcode` and `couponposoffer` check nothing: they are for North American coupons, which no
//! medicine carries. `packagetype` and `mediatype` check the format only, not the code lists.

use std::{collections::HashSet, ops::Range, sync::LazyLock};

use pedigree_domain::gs1;

use crate::{
    country,
    dictionary::{Component, Entry},
};

/// How an element's data violates a rule.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{problem} (GS1 General Specifications, {section})")]
pub struct Violation {
    /// What is wrong.
    pub problem: String,
    /// Where the rule is, such as `section 7.9.1`.
    pub section: &'static str,
    /// The character of the data, counted from 0, at which the violation shows.
    pub offset: usize,
}

const IDENTIFIERS: &str = "section 3";
const CHARACTER_SETS: &str = "section 7.11";
const CHECK_DIGIT: &str = "section 7.9.1";
const CHECK_PAIR: &str = "section 7.9.5";
const DATES: &str = "section 3.4";
const COMPANY_PREFIX: &str = "section 1.4.2";

/// Checks the data of an AI: the length, then the characters and the linters of each component.
pub(crate) fn check(entry: &Entry, data: &str) -> Result<(), Violation> {
    let violation = |offset, section, problem| {
        Err(Violation {
            problem,
            section,
            offset,
        })
    };
    let (min, max) = (entry.min_length(), entry.max_length());
    // Before the length, which means nothing if there are characters that no component allows.
    if let Some((offset, other)) = data.char_indices().find(|(_, c)| !c.is_ascii_graphic()) {
        return violation(
            offset,
            CHARACTER_SETS,
            format!("the data contains {other:?}"),
        );
    }
    if data.len() < min || data.len() > max {
        let allowed = if min == max {
            min.to_string()
        } else {
            format!("{min} to {max}")
        };
        let problem = format!("it has {} characters instead of {allowed}", data.len());
        return violation(data.len().min(max), IDENTIFIERS, problem);
    }
    let mut offset = 0;
    for component in &entry.components {
        let rest = &data[offset..];
        if rest.is_empty() && component.optional {
            return Ok(());
        }
        let part = &rest[..component.max.min(rest.len())];
        check_component(component, part).map_err(|violation| Violation {
            offset: violation.offset + offset,
            ..violation
        })?;
        offset += part.len();
    }
    if offset < data.len() {
        let problem = format!("{:?} follows the last component", &data[offset..]);
        return violation(offset, IDENTIFIERS, problem);
    }
    Ok(())
}

fn check_component(component: &Component, part: &str) -> Result<(), Violation> {
    if part.len() < component.min {
        return Err(Violation {
            problem: format!("{part:?} has fewer than {} characters", component.min),
            section: IDENTIFIERS,
            offset: 0,
        });
    }
    let set = component.characters;
    if let Some(offset) = part.bytes().position(|byte| !set.contains(byte)) {
        let other = part[offset..].chars().next().unwrap_or_default();
        return Err(Violation {
            problem: format!("{other:?} is not {}", set.description()),
            section: CHARACTER_SETS,
            offset,
        });
    }
    component
        .linters
        .iter()
        .try_for_each(|linter| lint(linter, part))
}

/// Applies one linter to a component whose length and characters have been checked.
fn lint(linter: &str, part: &str) -> Result<(), Violation> {
    let violation = |offset, section, problem: String| {
        Err(Violation {
            problem,
            section,
            offset,
        })
    };
    let ensure = |holds: bool, problem: &str| {
        if holds {
            return Ok(());
        }
        violation(0, IDENTIFIERS, format!("{part:?} {problem}"))
    };
    let two_digits = |at: usize| {
        part.get(at..at + 2)
            .and_then(|text| text.parse::<u32>().ok())
    };
    let below = |at: usize, limit: u32| two_digits(at).is_some_and(|number| number < limit);
    match linter {
        // At most 18 digits.
        "csum" => match part.parse::<u64>() {
            Ok(0) | Err(_) => ensure(false, "is not a valid key"),
            Ok(key) => {
                let (digit, expected) = (key % 10, gs1::check_digit(key / 10));
                if digit == u64::from(expected) {
                    return Ok(());
                }
                let problem = format!("the check digit is {digit} but should be {expected}");
                violation(part.len() - 1, CHECK_DIGIT, problem)
            }
        },
        "csumalpha" => match check_pair(part) {
            Some(expected) if part.ends_with(&expected) => Ok(()),
            Some(expected) => {
                let problem = format!("the check characters should be {expected}");
                violation(part.len() - 2, CHECK_PAIR, problem)
            }
            None => violation(0, CHECK_PAIR, format!("{part:?} is too short")),
        },
        "gcppos1" => company_prefix(part, 0),
        "gcppos2" => company_prefix(part, 1),
        "yymmd0" | "yyyymmd0" => date(part, true),
        "yymmdd" | "yyyymmdd" => date(part, false),
        "hhmi" => ensure(below(0, 24) && below(2, 60), "is not a time of day"),
        "hh" => ensure(below(0, 24), "is not an hour"),
        "mi" | "ss" => ensure(below(0, 60), "is not a number of minutes or seconds"),
        "iso3166" | "iso3166alpha2" => ensure(COUNTRIES.contains(part), NOT_A_COUNTRY),
        "iso3166999" => ensure(part == "999" || COUNTRIES.contains(part), NOT_A_COUNTRY),
        "iso4217" => ensure(
            CURRENCIES.contains(part),
            "is not an ISO 4217 currency code",
        ),
        "iso5218" => ensure(
            matches!(part, "0" | "1" | "2" | "9"),
            "is not an ISO 5218 code",
        ),
        "yesno" => ensure(matches!(part, "0" | "1"), "is neither 0 nor 1"),
        "winding" => ensure(matches!(part, "0" | "1" | "9"), "is not 0, 1 or 9"),
        "zero" => ensure(part == "0", "is not 0"),
        "nonzero" => ensure(part.bytes().any(|digit| digit != b'0'), "is zero"),
        "nozeroprefix" => ensure(!part.starts_with('0'), "starts with a zero"),
        "hasnondigit" => ensure(
            part.bytes().any(|byte| !byte.is_ascii_digit()),
            "contains only digits",
        ),
        "hyphen" => ensure(part == "-", "is not a hyphen"),
        "importeridx" => ensure(
            part.bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_'),
            "is not an importer index",
        ),
        "pieceoftotal" => {
            let (piece, total) = part.split_at(part.len() / 2);
            let zero = |number: &str| number.bytes().all(|digit| digit == b'0');
            ensure(
                !zero(piece) && !zero(total) && piece <= total,
                "is not a piece number and a total",
            )
        }
        "posinseqslash" => {
            let fits = part.split_once('/').is_some_and(|(position, count)| {
                let number = |text: &str| !text.is_empty() && !text.starts_with('0');
                number(position)
                    && number(count)
                    && position.len() == count.len()
                    && position <= count
                    && (position.to_owned() + count)
                        .bytes()
                        .all(|byte| byte.is_ascii_digit())
            });
            ensure(fits, "is not a position in a sequence")
        }
        "pcenc" => {
            let escapes = part.split('%').skip(1);
            let hex = |text: &str| {
                text.len() >= 2 && text.bytes().take(2).all(|byte| byte.is_ascii_hexdigit())
            };
            ensure(
                escapes.into_iter().all(hex),
                "has a % that is not followed by two hexadecimal digits",
            )
        }
        "latitude" => ensure(part <= "1800000000", "is not a latitude"),
        "longitude" => ensure(part <= "3600000000", "is not a longitude"),
        "iban" => ensure(is_iban(part), "is not a valid IBAN"),
        "mediatype" => ensure(
            part.parse()
                .is_ok_and(|code: u32| (1..=10).contains(&code) || (80..=99).contains(&code)),
            "is not an AIDC media type",
        ),
        "packagetype" => ensure(
            part.bytes().all(|byte| byte.is_ascii_alphanumeric()),
            "is not a package type",
        ),
        // The two that check nothing.
        _ => Ok(()),
    }
}

/// The check character pair for all but the last two characters of `key`, which are weighted with prime
/// numbers: 2 for the last one, 3 for the one before, and so on. `None` if there are no others.
fn check_pair(key: &str) -> Option<String> {
    const PRIMES: [usize; 23] = [
        2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83,
    ];
    const PAIR: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    let body = key.len().checked_sub(2).filter(|&length| length > 0)?;
    let value = |character: u8| {
        (0..character)
            .filter(|&before| pedigree_domain::lot_number::is_charset_82(before))
            .count()
    };
    let sum: usize = key.as_bytes()[..body]
        .iter()
        .rev()
        .zip(PRIMES)
        .map(|(&character, prime)| value(character) * prime)
        .sum::<usize>()
        % 1_021;
    Some(
        [PAIR[sum / 32], PAIR[sum % 32]]
            .map(char::from)
            .iter()
            .collect(),
    )
}

/// Checks that a company prefix, which has at least four digits, can start at `offset`.
fn company_prefix(part: &str, offset: usize) -> Result<(), Violation> {
    let digits = part.bytes().skip(offset).take(4);
    if digits.clone().count() == 4 && digits.clone().all(|byte| byte.is_ascii_digit()) {
        return Ok(());
    }
    Err(Violation {
        problem: format!("{part:?} does not start with a GS1 company prefix"),
        section: COMPANY_PREFIX,
        offset,
    })
}

/// Checks a date, `YYMMDD` or `YYYYMMDD`. Day 00 is valid if `allows_day_00`.
fn date(part: &str, allows_day_00: bool) -> Result<(), Violation> {
    let month_at = part.len().saturating_sub(4);
    let day_at = month_at + 2;
    let number = |range: Range<usize>| part.get(range).and_then(|text| text.parse::<u32>().ok());
    // A two-digit year is a leap year if the same year of this century is.
    let year = number(0..month_at).unwrap_or(0);
    let month = number(month_at..day_at).unwrap_or(0);
    let day = number(day_at..part.len()).unwrap_or(99);
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => 0,
    };
    let violation = |offset, problem: String| {
        Err(Violation {
            problem,
            section: DATES,
            offset,
        })
    };
    if days == 0 {
        return violation(month_at, format!("there is no month {month:02}"));
    }
    if day > days || (day == 0 && !allows_day_00) {
        return violation(day_at, format!("month {month:02} has no day {day:02}"));
    }
    Ok(())
}

fn is_iban(text: &str) -> bool {
    let (Some(country), Some(body)) = (text.get(..2), text.get(4..)) else {
        return false;
    };
    let mut numbers = body.bytes().chain(text.bytes().take(4));
    let remainder = numbers.try_fold(0, |remainder: u32, byte| match byte {
        b'0'..=b'9' => Some((remainder * 10 + u32::from(byte - b'0')) % 97),
        b'A'..=b'Z' => Some((remainder * 100 + u32::from(byte - b'A') + 10) % 97),
        _ => None,
    });
    COUNTRIES.contains(country) && body.len() >= 6 && remainder == Some(1)
}

const NOT_A_COUNTRY: &str = "is not an ISO 3166 country code";

/// ISO 3166-1 numeric and alpha-2 codes.
static COUNTRIES: LazyLock<HashSet<&'static str>> = LazyLock::new(|| codes(country::CODES));

/// ISO 4217 numeric codes.
static CURRENCIES: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| codes(include_str!("../data/iso4217.txt")));

fn codes(list: &'static str) -> HashSet<&'static str> {
    list.lines()
        .filter(|line| !line.starts_with('#'))
        .flat_map(str::split_whitespace)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dictionary;

    fn checked(ai: &str, data: &str) -> Result<(), Violation> {
        check(dictionary::entry(ai).unwrap(), data)
    }

    #[test]
    fn published_examples_pass() {
        for (ai, data) in [
            ("00", "106141412345678908"),
            ("01", "09506000134352"),
            ("10", "ABC/123"),
            ("17", "290200"),
            ("17", "280229"),
            ("253", "4012345000054"),
            ("253", "4012345000054ABC"),
            ("421", "84012345"),
            ("423", "276756"),
            ("4309", "02790858483015297971"),
            ("4330", "001200-"),
            ("7003", "1105041700"),
            ("7040", "1ABC"),
            ("7258", "1/3"),
            ("8003", "04012345123456X1"),
            ("8006", "095060001343520102"),
            ("8007", "GB82WEST12345698765432"),
            ("8008", "1312312359"),
            ("8013", "1987654Ad4X4bL5ttr2310c2K"),
            ("3910", "97812345"),
            ("8030", "-_Az09="),
        ] {
            assert_eq!(checked(ai, data), Ok(()), "({ai}){data}");
        }
    }

    #[test]
    fn violations_are_located() {
        for (ai, data, problem, offset) in [
            (
                "00",
                "106141412345678909",
                "check digit is 9 but should be 8",
                17,
            ),
            ("01", "0950600013435", "has 13 characters instead of 14", 13),
            ("10", "ABC DEF", "the data contains ' '", 3),
            (
                "10",
                "ABC#",
                "'#' is not a character of GS1 character set 82",
                3,
            ),
            ("10", "", "has 0 characters instead of 1 to 20", 0),
            ("17", "271301", "no month 13", 2),
            ("17", "270230", "month 02 has no day 30", 4),
            ("7250", "20271301", "no month 13", 4),
            ("7006", "270200", "month 02 has no day 00", 4),
            ("17", "2702A0", "'A' is not a digit", 4),
            ("4330", "001200+", "is not a hyphen", 6),
            ("421", "00012345", "not an ISO 3166 country", 0),
            ("4321", "2", "neither 0 nor 1", 0),
            ("7003", "1105042400", "not a time of day", 6),
            (
                "8006",
                "095060001343520301",
                "not a piece number and a total",
                14,
            ),
            ("8007", "GB82WEST12345698765431", "not a valid IBAN", 0),
            ("8013", "1987654Ad4X4bL5ttr2310c2L", "should be 2K", 23),
            ("8011", "01", "starts with a zero", 0),
            ("8003", "14012345123456X1", "is not 0", 0),
        ] {
            let violation = checked(ai, data).unwrap_err();
            assert!(
                violation.problem.contains(problem),
                "({ai}){data}: {violation}"
            );
            assert_eq!(violation.offset, offset, "({ai}){data}: {violation}");
            assert!(
                violation
                    .to_string()
                    .contains("GS1 General Specifications, section")
            );
        }
    }

    #[test]
    fn the_check_pair_matches_the_published_example() {
        assert_eq!(
            check_pair("1987654Ad4X4bL5ttr2310c2K").as_deref(),
            Some("2K")
        );
    }
}
