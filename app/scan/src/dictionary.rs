//! The GS1 Syntax Dictionary: every application identifier and the format of its data.
//!
//! It is parsed on first use from `data/gs1-syntax-dictionary.txt`, which is compiled in and whose
//! header explains the line format.

use std::{collections::HashMap, sync::LazyLock};

/// An application identifier (AI) and the format of its data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Two to four digits.
    pub ai: String,
    /// The data title that GS1 gives it, such as `GTIN`; empty if there is none.
    pub title: &'static str,
    /// Whether the AI's first digits determine the length of the element, so that no separator
    /// follows it (General Specifications, section 7.8).
    pub predefined_length: bool,
    /// Whether it is allowed as an attribute in the query of a GS1 Digital Link URI.
    pub link_attribute: bool,
    /// If it is a primary key of GS1 Digital Link URIs: the sequences of qualifiers that may follow.
    pub link_qualifiers: Option<Vec<Vec<&'static str>>>,
    /// The components of the data, in order.
    pub components: Vec<Component>,
    /// For each list, all AIs of at least one inner list must be on the same item; `n` in an AI is
    /// any digit.
    pub requires: Vec<Vec<Vec<&'static str>>>,
    /// AIs that must not be on the same item; `n` in an AI is any digit.
    pub excludes: Vec<&'static str>,
}

impl Entry {
    /// The minimum length of the data, in characters.
    pub fn min_length(&self) -> usize {
        let required = self.components.iter().filter(|part| !part.optional);
        required.map(|part| part.min).sum()
    }

    /// The maximum length of the data, in characters.
    pub fn max_length(&self) -> usize {
        self.components.iter().map(|part| part.max).sum()
    }
}

/// A component of an AI's data. Only the last one may vary in length.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Component {
    /// The characters that it may contain.
    pub characters: Characters,
    /// Its minimum length, in characters.
    pub min: usize,
    /// Its maximum length, in characters.
    pub max: usize,
    /// Whether it may be absent.
    pub optional: bool,
    /// The checks ("linters") that it must pass, by the dictionary's names.
    pub linters: Vec<&'static str>,
}

/// The characters that a component may contain (General Specifications, section 7.11).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Characters {
    /// `0` to `9`.
    Digits,
    /// GS1 character set 82.
    Set82,
    /// GS1 character set 39.
    Set39,
    /// GS1 character set 64, the URL-safe alphabet of base64, and `=` as padding.
    Base64Url,
}

impl Characters {
    /// Whether an ASCII character is one of them.
    pub const fn contains(self, character: u8) -> bool {
        match self {
            Self::Digits => character.is_ascii_digit(),
            Self::Set82 => pedigree_domain::lot_number::is_charset_82(character),
            Self::Set39 => {
                matches!(character, b'#' | b'-' | b'/' | b'0'..=b'9' | b'A'..=b'Z')
            }
            Self::Base64Url => {
                matches!(character, b'-' | b'0'..=b'9' | b'=' | b'A'..=b'Z' | b'_' | b'a'..=b'z')
            }
        }
    }

    /// What one of them is called, with its article.
    pub(crate) const fn description(self) -> &'static str {
        match self {
            Self::Digits => "a digit",
            Self::Set82 => "a character of GS1 character set 82",
            Self::Set39 => "a character of GS1 character set 39",
            Self::Base64Url => "a character of GS1 character set 64",
        }
    }
}

struct Dictionary {
    entries: Vec<Entry>,
    by_ai: HashMap<String, usize>,
}

static DICTIONARY: LazyLock<Dictionary> = LazyLock::new(|| {
    let entries: Vec<Entry> = include_str!("../data/gs1-syntax-dictionary.txt")
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .flat_map(parse_line)
        .collect();
    let by_ai = entries
        .iter()
        .enumerate()
        .map(|(index, entry)| (entry.ai.clone(), index))
        .collect();
    Dictionary { entries, by_ai }
});

/// All entries, in the order of their AIs.
pub fn entries() -> &'static [Entry] {
    &DICTIONARY.entries
}

/// The entry of an AI; `None` if GS1 has not assigned it.
pub fn entry(ai: &str) -> Option<&'static Entry> {
    let index = *DICTIONARY.by_ai.get(ai)?;
    Some(&DICTIONARY.entries[index])
}

/// The entry of the AI that `text` starts with. It is unique because no AI starts with another one.
pub fn entry_at(text: &[u8]) -> Option<&'static Entry> {
    (2..=4).find_map(|digits| entry(str::from_utf8(text.get(..digits)?).ok()?))
}

/// Whether `ai` matches `pattern`, in which `n` is any digit.
pub(crate) fn matches(pattern: &str, ai: &str) -> bool {
    pattern.len() == ai.len()
        && pattern
            .bytes()
            .zip(ai.bytes())
            .all(|(expected, digit)| expected == b'n' || expected == digit)
}

fn parse_line(line: &'static str) -> Vec<Entry> {
    let (line, title) = line.split_once("  # ").unwrap_or((line, ""));
    let mut words = line.split_whitespace().peekable();
    let ais = words.next().unwrap_or_default();
    let flags = words
        .next_if(|word| word.bytes().all(|flag| b"*?".contains(&flag)))
        .unwrap_or_default();
    let mut entry = Entry {
        ai: String::new(),
        title,
        predefined_length: flags.contains('*'),
        link_attribute: flags.contains('?'),
        link_qualifiers: None,
        components: Vec::new(),
        requires: Vec::new(),
        excludes: Vec::new(),
    };
    for word in words {
        match word.split_once('=').unwrap_or((word, "")) {
            ("req", groups) => entry.requires.push(
                groups
                    .split(',')
                    .map(|group| group.split('+').collect())
                    .collect(),
            ),
            ("ex", ais) => entry.excludes.extend(ais.split(',')),
            ("dlpkey", "") => entry.link_qualifiers = Some(Vec::new()),
            ("dlpkey", sequences) => {
                let sequences = sequences.split('|');
                entry.link_qualifiers =
                    Some(sequences.map(|ais| ais.split(',').collect()).collect());
            }
            _ => entry.components.push(parse_component(word)),
        }
    }
    let (first, last) = ais.split_once('-').unwrap_or((ais, ais));
    let number = |ai: &str| -> u32 { ai.parse().expect("AIs are digits") };
    (number(first)..=number(last))
        .map(|ai| Entry {
            ai: format!("{ai:0width$}", width = first.len()),
            ..entry.clone()
        })
        .collect()
}

fn parse_component(word: &'static str) -> Component {
    let mut parts = word.split(',');
    let format = parts.next().unwrap_or_default();
    let optional = format.starts_with('[');
    let format = format.trim_matches(['[', ']']);
    let (characters, length) = format.split_at(1);
    let characters = match characters {
        "N" => Characters::Digits,
        "X" => Characters::Set82,
        "Y" => Characters::Set39,
        "Z" => Characters::Base64Url,
        _ => unreachable!("the tests read every line"),
    };
    let number = |length: &str| length.parse().expect("lengths are numbers");
    let (min, max) = match length.strip_prefix("..") {
        Some(max) => (1, number(max)),
        None => (number(length), number(length)),
    };
    Component {
        characters,
        min,
        max,
        optional,
        linters: parts.collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_dictionary_is_complete() {
        assert_eq!(entries().len(), 541);
        let gtin = entry("01").unwrap();
        assert_eq!((gtin.min_length(), gtin.max_length()), (14, 14));
        assert!(gtin.predefined_length && gtin.title == "GTIN");
        assert_eq!(
            gtin.link_qualifiers,
            Some(vec![vec!["22", "10", "21"], vec!["235"]])
        );
        let coupon = entry("255").unwrap();
        assert_eq!((coupon.min_length(), coupon.max_length()), (13, 25));
        assert_eq!(entry("250").unwrap().requires.len(), 2);
        assert_eq!(entry("3105").unwrap().excludes, ["310n"]);
        assert_eq!(entry("3106"), None);
        assert_eq!(entry("99").unwrap().max_length(), 90);
    }

    #[test]
    fn no_ai_starts_with_another() {
        for entry in entries() {
            assert!(!entry.components.is_empty(), "{}", entry.ai);
            let found = entry_at(format!("{}0", entry.ai).as_bytes()).unwrap();
            assert_eq!(found.ai, entry.ai);
            for digits in 2..entry.ai.len() {
                assert_eq!(super::entry(&entry.ai[..digits]), None);
            }
        }
    }

    #[test]
    fn only_the_last_component_varies_in_length() {
        for entry in entries() {
            let (_, before) = entry.components.split_last().unwrap();
            assert!(
                before.iter().all(|part| part.min == part.max),
                "{}",
                entry.ai
            );
            if entry.predefined_length {
                assert_eq!(entry.min_length(), entry.max_length(), "{}", entry.ai);
            }
        }
    }

    #[test]
    fn character_sets_have_their_sizes() {
        let size = |set: Characters| (0..=u8::MAX).filter(|&c| set.contains(c)).count();
        assert_eq!(size(Characters::Digits), 10);
        assert_eq!(size(Characters::Set82), 82);
        assert_eq!(size(Characters::Set39), 39);
        // 64 characters and the padding.
        assert_eq!(size(Characters::Base64Url), 65);
    }
}
