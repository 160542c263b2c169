//! GS1 elements, and the forms that they are written in.

use std::fmt;

use crate::{
    SEPARATOR,
    dictionary::{self, Entry},
    digital_link,
    linter::{self, Rule},
};

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

    /// A GS1 Digital Link URI under `resolver`, such as `https://id.gs1.org`.
    ///
    /// # Errors
    ///
    /// If the elements are not one primary key with its qualifiers and attributes.
    pub fn to_digital_link(&self, resolver: &str) -> Result<String, NotOneLink> {
        digital_link::write(&self.0, resolver)
    }
}

/// Why elements have no Digital Link URI.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotOneLink {
    #[error(
        "none of the elements is a primary key of a GS1 Digital Link URI, such as a GTIN or an SSCC"
    )]
    NoKey,
    #[error("({ai}) may not stand in a GS1 Digital Link URI with ({key})")]
    NotAllowed { ai: &'static str, key: &'static str },
}

/// Written as people read it, `(` in data as `\(`.
impl fmt::Display for ElementList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|element| element.fmt(f))
    }
}
