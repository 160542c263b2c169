//! GS1 elements, and the forms that they are written in.

use std::fmt;

use crate::{
    dictionary::{self, Entry},
    linter::{self, Rule},
};

/// FNC1 as scanners send it between elements: the ASCII control character GS.
pub const SEPARATOR: char = '\u{1d}';

/// One application identifier with its data, which keeps to the AI's rules.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Element {
    ai: &'static str,
    data: String,
}

impl Element {
    /// Checks `data` by the rules of `ai`; `None` if GS1 has not assigned the AI.
    pub fn new(ai: &str, data: &str) -> Option<Result<Self, Rule>> {
        Some(Self::of(dictionary::entry(ai)?, data))
    }

    pub(crate) fn of(entry: &'static Entry, data: &str) -> Result<Self, Rule> {
        linter::check(entry, data)?;
        Ok(Self {
            ai: &entry.ai,
            data: data.to_owned(),
        })
    }

    pub const fn ai(&self) -> &'static str {
        self.ai
    }

    pub fn data(&self) -> &str {
        &self.data
    }

    /// The data title that GS1 gives the AI, such as `GTIN`.
    pub fn title(&self) -> &'static str {
        self.entry().title
    }

    pub(crate) fn entry(&self) -> &'static Entry {
        dictionary::entry(self.ai).expect("an element's AI is in the dictionary")
    }
}

/// Written as people read it: `(10)ABC`.
impl fmt::Display for Element {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "({}){}", self.ai, self.data.replace('(', "\\("))
    }
}

/// Elements in order, as one symbol carries them.
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

    /// The element string that a symbol encodes after FNC1: separators only where they are needed
    /// (General Specifications, section 7.8).
    pub fn to_element_string(&self) -> String {
        let mut text = String::new();
        for (place, element) in self.0.iter().enumerate() {
            text += element.ai;
            text += &element.data;
            if place + 1 < self.0.len() && !element.entry().predefined_length {
                text.push(SEPARATOR);
            }
        }
        text
    }
}

/// Written as people read it, `(` in data as `\(`.
impl fmt::Display for ElementList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|element| element.fmt(f))
    }
}
