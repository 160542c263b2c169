//! The text of a scan, without what keyboard-wedge scanners and people add to it.

use crate::{element::SEPARATOR, error::ScanError, repair::Repair};

/// More than any symbol can hold: the largest QR Code holds 7,089 digits.
const MAX_BYTES: usize = 8_192;

/// What scanners type in place of FNC1, for which a keyboard has no key. Most contain characters that
/// are not allowed in GS1 data. `<GS>` and `<FNC1>` could be part of a lot number, but no known one
/// contains them, so they are read as separators too, and reported.
const SPELLINGS: [&str; 12] = [
    "<GS>", "<FNC1>", "{GS}", "{FNC1}", "[GS]", "[FNC1]", "\\x1d", "\\x1D", "\\u001d", "^]", "~1",
    "␝",
];

/// The ASCII characters of a scan, each with its position in the input.
#[derive(Clone, Debug)]
pub(crate) struct Input {
    pub(crate) text: String,
    /// The position of each character, then that of the end.
    positions: Vec<usize>,
}

impl Input {
    /// Removes the surrounding white space and replaces spelled-out separators.
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
        // Scanners are usually set up to send a line end after each scan.
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

    /// The position in the input of the character at this offset of the text.
    pub(crate) fn position(&self, offset: usize) -> usize {
        self.positions[offset.min(self.positions.len() - 1)]
    }

    /// Removes the first characters.
    pub(crate) fn skip(&mut self, characters: usize) {
        self.text.drain(..characters);
        self.positions.drain(..characters);
    }

    /// Swaps upper and lower case.
    pub(crate) fn swap_case(&mut self) {
        let swap = |c: char| match c {
            'a'..='z' => c.to_ascii_uppercase(),
            _ => c.to_ascii_lowercase(),
        };
        self.text = self.text.chars().map(swap).collect();
    }
}
