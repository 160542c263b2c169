//! GS1 elements, and the forms that they are written in.

use std::fmt;

use crate::{
    dictionary::{self, Entry},
    linter::{self, Violation},
};

/// FNC1 as scanners transmit it between elements: the ASCII control character GS.
pub const SEPARATOR: char = '\u{1d}';

/// An application identifier with its data, which satisfies the AI's rules.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Element {
    ai: &'static str,
    data: String,
}

impl Element {
    /// Checks `data` against the rules of `ai`; `None` if GS1 has not assigned the AI.
    pub fn new(ai: &str, data: &str) -> Option<Result<Self, Violation>> {
        Some(Self::of(dictionary::entry(ai)?, data))
    }

    /// Checks `data` against the rules of an AI.
    pub(crate) fn of(entry: &'static Entry, data: &str) -> Result<Self, Violation> {
        linter::check(entry, data)?;
        Ok(Self {
            ai: &entry.ai,
            data: data.to_owned(),
        })
    }

    /// The AI, two to four digits.
    pub const fn ai(&self) -> &'static str {
        self.ai
    }

    /// The data, graphic ASCII characters.
    pub fn data(&self) -> &str {
        &self.data
    }

    /// The data title that GS1 gives the AI, such as `GTIN`; empty if there is none.
    pub fn title(&self) -> &'static str {
        self.entry().title
    }

    pub(crate) fn entry(&self) -> &'static Entry {
        dictionary::entry(self.ai).expect("an element's AI is in the dictionary")
    }
}

/// In bracketed form: `(10)ABC`, with `(` in data written as `\(`.
impl fmt::Display for Element {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "({}){}", self.ai, self.data.replace('(', "\\("))
    }
}

/// Elements in the order in which a symbol carries them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ElementList(pub Vec<Element>);

impl ElementList {
    /// The data of the first element with this AI.
    pub fn get(&self, ai: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|element| element.ai == ai)
            .map(Element::data)
    }

    /// The element string that a symbol encodes after FNC1, with separators only where they are
    /// required (General Specifications, section 7.8).
    pub fn to_element_string(&self) -> String {
        let mut text = String::new();
        for (index, element) in self.0.iter().enumerate() {
            text += element.ai;
            text += &element.data;
            if index + 1 < self.0.len() && !element.entry().predefined_length {
                text.push(SEPARATOR);
            }
        }
        text
    }
}

/// In bracketed form, as it is printed and typed: `(01)09506000134352(10)ABC`.
impl fmt::Display for ElementList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|element| element.fmt(f))
    }
}
