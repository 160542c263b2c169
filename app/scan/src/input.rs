//! What a keyboard-wedge scanner makes of a symbol's data, undone.

use crate::{element::SEPARATOR, error::ScanError, repair::Repair};

/// More than any symbol holds: the largest QR Code has 7,089 digits.
const MAX_BYTES: usize = 8_192;

/// How scanners and their settings spell FNC1 where a keyboard has no key for it. Most hold
/// characters that no GS1 data has; `<GS>` and `<FNC1>` might stand in a lot number, but in none that
/// is known, so they are read as separators too, and reported.
const SPELLINGS: [&str; 12] = [
    "<GS>", "<FNC1>", "{GS}", "{FNC1}", "[GS]", "[FNC1]", "\\x1d", "\\x1D", "\\u001d", "^]", "~1",
    "␝",
];

/// The ASCII characters of a scan, each with its place in the input.
#[derive(Clone, Debug)]
pub(crate) struct Input {
    pub(crate) text: String,
    positions: Vec<usize>,
}

impl Input {
    /// Cuts the surroundings off and reads spelled-out separators.
    pub(crate) fn new(raw: &[u8], repairs: &mut Vec<Repair>) -> Result<Self, ScanError> {
        if raw.len() > MAX_BYTES {
            return Err(ScanError::TooLong { length: raw.len() });
        }
        let raw = str::from_utf8(raw).map_err(|error| ScanError::Character {
            character: char::REPLACEMENT_CHARACTER,
            position: error.valid_up_to(),
        })?;
        let blank = |c: char| c == '\u{feff}' || (c.is_whitespace() && c != SEPARATOR);
        let trimmed = raw.trim_matches(blank);
        if trimmed.is_empty() {
            return Err(ScanError::Empty);
        }
        // A line end after each scan is how wedges are set up.
        let lead = raw.len() - raw.trim_start_matches(blank).len();
        if lead > 0
            || !raw[lead + trimmed.len()..]
                .chars()
                .all(|c| "\r\n\t".contains(c))
        {
            repairs.push(Repair::Surroundings);
        }
        let mut input = Self {
            text: String::with_capacity(trimmed.len()),
            positions: Vec::with_capacity(trimmed.len() + 1),
        };
        let mut position = lead;
        while let Some(character) = raw[position..lead + trimmed.len()].chars().next() {
            let rest = &raw[position..];
            let spelling = SPELLINGS
                .iter()
                .find(|spelling| rest.starts_with(**spelling));
            if let Some(spelling) = spelling {
                repairs.push(Repair::SpelledSeparator {
                    text: (*spelling).to_owned(),
                    position,
                });
                input.push(SEPARATOR, position);
                position += spelling.len();
            } else if character.is_ascii() {
                input.push(character, position);
                position += 1;
            } else {
                return Err(ScanError::Character {
                    character,
                    position,
                });
            }
        }
        input.positions.push(lead + trimmed.len());
        Ok(input)
    }

    fn push(&mut self, character: char, position: usize) {
        self.text.push(character);
        self.positions.push(position);
    }

    /// Where in the input the character at `place` stood.
    pub(crate) fn position(&self, place: usize) -> usize {
        self.positions[place.min(self.positions.len() - 1)]
    }

    /// Drops the first characters.
    pub(crate) fn skip(&mut self, characters: usize) {
        self.text.drain(..characters);
        self.positions.drain(..characters);
    }

    /// Swaps capitals and small letters.
    pub(crate) fn swap_case(&mut self) {
        let swap = |c: char| match c {
            'a'..='z' => c.to_ascii_uppercase(),
            _ => c.to_ascii_lowercase(),
        };
        self.text = self.text.chars().map(swap).collect();
    }
}
