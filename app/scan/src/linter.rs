//! The dictionary's tests ("linters") of an element's components.
//!
//! Two of them are not interpreted: `couponcode` and `couponposoffer`, North American coupons, which
//! no medicine carries; of `packagetype` and `mediatype` only the shape is. Their elements pass with
//! the right characters and length.

use std::{collections::HashSet, sync::LazyLock};

use crate::dictionary::{Component, Entry};

/// A rule that an element's data breaks.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what} (GS1 General Specifications, {section})")]
pub struct Rule {
    /// What is wrong.
    pub what: String,
    /// Where the rule stands, such as `section 7.9.1`.
    pub section: &'static str,
    /// The character of the data, counted from 0, at which it shows.
    pub offset: usize,
}

const IDENTIFIERS: &str = "section 3";
const CHARACTER_SETS: &str = "section 7.11";
const CHECK_DIGIT: &str = "section 7.9.1";
const CHECK_PAIR: &str = "section 7.9.5";
const DATES: &str = "section 3.4";
const COMPANY_PREFIX: &str = "section 1.4.2";

/// Checks the data of the AI of `entry`: length, characters and linters of each component.
pub(crate) fn check(entry: &Entry, data: &str) -> Result<(), Rule> {
    let rule = |offset, section, what| {
        Err(Rule {
            what,
            section,
            offset,
        })
    };
    let (min, max) = (entry.min_length(), entry.max_length());
    // Before lengths: a character that no component takes makes the length meaningless.
    if let Some((offset, other)) = data.char_indices().find(|(_, c)| !c.is_ascii_graphic()) {
        return rule(
            offset,
            CHARACTER_SETS,
            format!("{other:?} stands in the data"),
        );
    }
    if data.len() < min || data.len() > max {
        let allowed = if min == max {
            min.to_string()
        } else {
            format!("{min} to {max}")
        };
        let what = format!("it has {} characters instead of {allowed}", data.len());
        return rule(data.len().min(max), IDENTIFIERS, what);
    }
    let mut offset = 0;
    for component in &entry.components {
        let rest = &data[offset..];
        if rest.is_empty() && component.optional {
            return Ok(());
        }
        let part = &rest[..component.max.min(rest.len())];
        check_component(component, part).map_err(|rule| Rule {
            offset: rule.offset + offset,
            ..rule
        })?;
        offset += part.len();
    }
    if offset < data.len() {
        let what = format!("{:?} is left over", &data[offset..]);
        return rule(offset, IDENTIFIERS, what);
    }
    Ok(())
}

fn check_component(component: &Component, part: &str) -> Result<(), Rule> {
    if part.len() < component.min {
        return Err(Rule {
            what: format!("{part:?} has fewer than {} characters", component.min),
            section: IDENTIFIERS,
            offset: 0,
        });
    }
    let set = component.characters;
    if let Some(offset) = part.bytes().position(|byte| !set.contains(byte)) {
        let other = part[offset..].chars().next().unwrap_or_default();
        return Err(Rule {
            what: format!("{other:?} is not among {}", set.name()),
            section: CHARACTER_SETS,
            offset,
        });
    }
    component
        .linters
        .iter()
        .try_for_each(|linter| lint(linter, part))
}

/// Applies one linter. Lengths and characters are right by now.
fn lint(linter: &str, part: &str) -> Result<(), Rule> {
    let rule = |offset, section, what: String| {
        Err(Rule {
            what,
            section,
            offset,
        })
    };
    let broken = |what: &str| rule(0, IDENTIFIERS, format!("{part:?} {what}"));
    let ensure = |holds: bool, what: &str| if holds { Ok(()) } else { broken(what) };
    let two_digits = |at: usize| {
        part.get(at..at + 2)
            .and_then(|text| text.parse::<u32>().ok())
    };
    let below = |at: usize, limit: u32| two_digits(at).is_some_and(|number| number < limit);
    match linter {
        "csum" if part.bytes().all(|digit| digit == b'0') => broken("is zero, which is no key"),
        "csum" => {
            let right = check_digit(part);
            let offset = part.len() - 1;
            match part.bytes().last() {
                Some(digit) if digit == right => Ok(()),
                digit => {
                    let (digit, right) = (char::from(digit.unwrap_or(b' ')), char::from(right));
                    let what =
                        format!("the check digit is {digit}, but the others call for {right}");
                    rule(offset, CHECK_DIGIT, what)
                }
            }
        }
        "csumalpha" => match check_pair(part) {
            Some(right) if part.ends_with(&right) => Ok(()),
            Some(right) => {
                let what = format!("the check characters should be {right}");
                rule(part.len() - 2, CHECK_PAIR, what)
            }
            None => rule(0, CHECK_PAIR, format!("{part:?} is too short")),
        },
        "gcppos1" => company_prefix(part, 0),
        "gcppos2" => company_prefix(part, 1),
        "yymmd0" => date(&format!("20{part}"), true),
        "yymmdd" => date(&format!("20{part}"), false),
        "yyyymmdd" => date(part, false),
        "yyyymmd0" => date(part, true),
        "hhmi" => ensure(below(0, 24) && below(2, 60), "is no time of day"),
        "hh" => ensure(below(0, 24), "is no hour"),
        "mi" | "ss" => ensure(below(0, 60), "is no minute or second"),
        "iso3166" => ensure(COUNTRIES.contains(part), "is no ISO 3166 country code"),
        "iso3166999" => ensure(
            part == "999" || COUNTRIES.contains(part),
            "is no ISO 3166 country code",
        ),
        "iso3166alpha2" => ensure(COUNTRIES.contains(part), "is no ISO 3166 country code"),
        "iso4217" => ensure(CURRENCIES.contains(part), "is no ISO 4217 currency code"),
        "iso5218" => ensure(matches!(part, "0" | "1" | "2" | "9"), "is no ISO 5218 code"),
        "yesno" => ensure(matches!(part, "0" | "1"), "is neither 0 nor 1"),
        "winding" => ensure(matches!(part, "0" | "1" | "9"), "is none of 0, 1 and 9"),
        "zero" => ensure(part == "0", "is not 0"),
        "nonzero" => ensure(part.bytes().any(|digit| digit != b'0'), "is zero"),
        "nozeroprefix" => ensure(!part.starts_with('0'), "begins with a zero"),
        "hasnondigit" => ensure(
            part.bytes().any(|byte| !byte.is_ascii_digit()),
            "holds digits only",
        ),
        "hyphen" => ensure(part == "-", "is not a hyphen"),
        "importeridx" => ensure(
            part.bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_'),
            "is no importer index",
        ),
        "pieceoftotal" => {
            let (piece, total) = part.split_at(part.len() / 2);
            let zero = |number: &str| number.bytes().all(|digit| digit == b'0');
            ensure(
                !zero(piece) && !zero(total) && piece <= total,
                "is no piece of a total",
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
            ensure(fits, "is no position in a sequence")
        }
        "pcenc" => {
            let escapes = part.split('%').skip(1);
            let hex = |text: &str| {
                text.len() >= 2 && text.bytes().take(2).all(|byte| byte.is_ascii_hexdigit())
            };
            ensure(
                escapes.into_iter().all(hex),
                "has a % that two hexadecimal digits do not follow",
            )
        }
        "latitude" => ensure(part <= "1800000000", "is no latitude"),
        "longitude" => ensure(part <= "3600000000", "is no longitude"),
        "iban" => ensure(is_iban(part), "is no IBAN"),
        "mediatype" => ensure(
            part.parse()
                .is_ok_and(|code: u32| (1..=10).contains(&code) || (80..=99).contains(&code)),
            "is no AIDC media type",
        ),
        "packagetype" => ensure(
            part.bytes().all(|byte| byte.is_ascii_alphanumeric()),
            "is no package type",
        ),
        // Named above: not interpreted.
        _ => Ok(()),
    }
}

/// The check digit for the digits before the last one of `key`.
fn check_digit(key: &str) -> u8 {
    let sum: u32 = key
        .bytes()
        .rev()
        .skip(1)
        .zip([3, 1].into_iter().cycle())
        .map(|(digit, weight)| u32::from(digit - b'0') * weight)
        .sum();
    b'0' + ((10 - sum % 10) % 10) as u8
}

/// The check character pair for all but the last two characters of `key`, each weighted with a prime
/// number: 2 for the last one, 3 for the one before, and so on.
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

/// Checks that a company prefix, of four digits or more, can begin at `place`.
fn company_prefix(part: &str, place: usize) -> Result<(), Rule> {
    let digits = part.bytes().skip(place).take(4);
    if digits.clone().count() == 4 && digits.clone().all(|byte| byte.is_ascii_digit()) {
        return Ok(());
    }
    Err(Rule {
        what: format!("{part:?} does not begin with a GS1 company prefix"),
        section: COMPANY_PREFIX,
        offset: place,
    })
}

/// Checks `YYYYMMDD`; day 00 stands for the month's last where `zero_day` allows it.
fn date(text: &str, zero_day: bool) -> Result<(), Rule> {
    let number = |range| {
        text.get(range)
            .and_then(|part: &str| part.parse::<u32>().ok())
    };
    let month = number(4..6).unwrap_or(0);
    let year = number(0..4).unwrap_or(0);
    let day = number(6..8).unwrap_or(99);
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => 0,
    };
    // The last six digits are as the data has them in either form.
    let broken = |offset, what: String| {
        Err(Rule {
            what,
            section: DATES,
            offset,
        })
    };
    if days == 0 {
        return broken(2, format!("there is no month {month:02}"));
    }
    if day > days || (day == 0 && !zero_day) {
        return broken(4, format!("month {month:02} has no day {day:02}"));
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

/// Numeric and alpha-2 codes.
static COUNTRIES: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| codes(include_str!("../data/iso3166.txt")));

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

    fn verdict(ai: &str, data: &str) -> Result<(), Rule> {
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
            assert_eq!(verdict(ai, data), Ok(()), "({ai}){data}");
        }
    }

    #[test]
    fn broken_rules_are_named_where_they_show() {
        for (ai, data, what, offset) in [
            (
                "00",
                "106141412345678909",
                "check digit is 9, but the others call for 8",
                17,
            ),
            ("01", "0950600013435", "has 13 characters instead of 14", 13),
            ("10", "ABC DEF", "' ' stands in the data", 3),
            ("10", "ABC#", "'#' is not among GS1 character set 82", 3),
            ("10", "", "has 0 characters instead of 1 to 20", 0),
            ("17", "271301", "no month 13", 2),
            ("17", "270230", "month 02 has no day 30", 4),
            ("7006", "270200", "month 02 has no day 00", 4),
            ("17", "2702A0", "'A' is not among the digits", 4),
            ("4330", "001200+", "is not a hyphen", 6),
            ("421", "00012345", "no ISO 3166 country", 0),
            ("4321", "2", "neither 0 nor 1", 0),
            ("7003", "1105042400", "no time of day", 6),
            ("8006", "095060001343520301", "no piece of a total", 14),
            ("8007", "GB82WEST12345698765431", "no IBAN", 0),
            ("8013", "1987654Ad4X4bL5ttr2310c2L", "should be 2K", 23),
            ("8011", "01", "begins with a zero", 0),
            ("8003", "14012345123456X1", "is not 0", 0),
        ] {
            let rule = verdict(ai, data).unwrap_err();
            assert!(rule.what.contains(what), "({ai}){data}: {rule}");
            assert_eq!(rule.offset, offset, "({ai}){data}: {rule}");
            assert!(
                rule.to_string()
                    .contains("GS1 General Specifications, section")
            );
        }
    }

    #[test]
    fn a_check_pair_is_that_of_the_general_specifications() {
        assert_eq!(
            check_pair("1987654Ad4X4bL5ttr2310c2K").as_deref(),
            Some("2K")
        );
    }
}
