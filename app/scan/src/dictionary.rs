//! The GS1 Syntax Dictionary: every application identifier and the form of its data.
//!
//! Read from `data/gs1-syntax-dictionary.txt`, whose head explains the line format, when first needed.

use std::{collections::HashMap, sync::LazyLock};

/// An application identifier (AI) and the form of its data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Two to four digits.
    pub ai: String,
    /// The data title that GS1 gives it, such as `GTIN`.
    pub title: &'static str,
    /// Whether the AI's first digits tell the length, so that no separator follows (General
    /// Specifications, section 7.8).
    pub predefined_length: bool,
    /// Whether it may be a query attribute of a GS1 Digital Link URI.
    pub link_attribute: bool,
    /// For a primary key of GS1 Digital Link URIs, the sequences of qualifiers that may follow it.
    pub link_qualifiers: Option<Vec<Vec<&'static str>>>,
    /// The parts that the data consists of, in order.
    pub components: Vec<Component>,
    /// Of each list, all AIs of at least one inner list must stand on the same item.
    pub requires: Vec<Vec<Vec<&'static str>>>,
    /// AIs that must not stand on the same item; `n` is any digit.
    pub excludes: Vec<&'static str>,
}

impl Entry {
    /// Characters that the data has at least.
    pub fn min_length(&self) -> usize {
        let required = self.components.iter().filter(|part| !part.optional);
        required.map(|part| part.min).sum()
    }

    /// Characters that the data has at most.
    pub fn max_length(&self) -> usize {
        self.components.iter().map(|part| part.max).sum()
    }
}

/// A part of an AI's data. Only the last may vary in length.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Component {
    pub characters: Characters,
    pub min: usize,
    pub max: usize,
    /// Whether the data may end before it.
    pub optional: bool,
    /// The tests that it must pass, by the dictionary's names.
    pub linters: Vec<&'static str>,
}

/// The characters that a component may hold (General Specifications, section 7.11).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Characters {
    Digits,
    Set82,
    Set39,
    Base64Url,
}

impl Characters {
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

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Digits => "the digits",
            Self::Set82 => "GS1 character set 82",
            Self::Set39 => "GS1 character set 39",
            Self::Base64Url => "GS1 character set 64",
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
        .map(|(place, entry)| (entry.ai.clone(), place))
        .collect();
    Dictionary { entries, by_ai }
});

/// All entries, by AI.
pub fn entries() -> &'static [Entry] {
    &DICTIONARY.entries
}

/// The entry of an AI.
pub fn entry(ai: &str) -> Option<&'static Entry> {
    let place = *DICTIONARY.by_ai.get(ai)?;
    Some(&DICTIONARY.entries[place])
}

/// The entry of the AI that `text` begins with. No AI begins with another one.
pub fn entry_at(text: &[u8]) -> Option<&'static Entry> {
    (2..=4).find_map(|digits| entry(str::from_utf8(text.get(..digits)?).ok()?))
}

/// Whether `ai` is the one that `pattern` names, in which `n` is any digit.
pub(crate) fn matches(pattern: &str, ai: &str) -> bool {
    pattern.len() == ai.len()
        && pattern
            .bytes()
            .zip(ai.bytes())
            .all(|(wanted, digit)| wanted == b'n' || wanted == digit)
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
    let form = parts.next().unwrap_or_default();
    let optional = form.starts_with('[');
    let form = form.trim_matches(['[', ']']);
    let (characters, length) = form.split_at(1);
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
    fn the_dictionary_is_whole() {
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
    fn no_ai_begins_with_another() {
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
    fn only_the_last_component_varies() {
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
    fn the_character_sets_have_their_sizes() {
        let size = |set: Characters| (0..=u8::MAX).filter(|&c| set.contains(c)).count();
        assert_eq!(size(Characters::Digits), 10);
        assert_eq!(size(Characters::Set82), 82);
        assert_eq!(size(Characters::Set39), 39);
        // The 64 and the padding character.
        assert_eq!(size(Characters::Base64Url), 65);
    }
}
