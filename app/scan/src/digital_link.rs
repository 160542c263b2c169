//! GS1 Digital Link URIs: `https://id.gs1.org/01/09506000134352/10/ABC/21/123?17=290200`.
//!
//! Any domain and path may precede the primary key; qualifiers follow it in the standard's order;
//! attributes are in the query. Compressed URIs are not supported.

use std::fmt::Write as _;

use crate::{
    dictionary::{self, Entry},
    element::{Element, ElementList},
    error::{InvalidElement, ScanError},
    gtin::with_leading_zeros,
    input::Input,
    repair::Repair,
};

const NO_KEY: &str = "the path does not end in a primary key and its qualifiers (compressed URIs are \
                      not supported)";

/// Why elements cannot be written as a GS1 Digital Link URI.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DigitalLinkError {
    /// There is no primary key.
    #[error(
        "none of the elements is a primary key of a GS1 Digital Link URI, such as a GTIN or an SSCC"
    )]
    NoKey,
    /// An element is neither a qualifier of the key nor allowed as an attribute.
    #[error("({ai}) is not allowed in a GS1 Digital Link URI with the key ({key})")]
    NotAllowed { ai: &'static str, key: &'static str },
}

impl ElementList {
    /// The GS1 Digital Link URI under the address of a `resolver`, such as `https://id.gs1.org`.
    ///
    /// # Errors
    ///
    /// If the elements are not one primary key with its qualifiers and attributes.
    pub fn to_digital_link(&self, resolver: &str) -> Result<String, DigitalLinkError> {
        let elements = &self.0;
        let key = elements
            .iter()
            .find(|element| element.entry().link_qualifiers.is_some())
            .ok_or(DigitalLinkError::NoKey)?;
        let sequences = key.entry().link_qualifiers.iter().flatten();
        // The sequence of which the most qualifiers are present.
        let qualifiers: Vec<&Element> = sequences
            .map(|sequence| {
                let present = |ai: &&str| elements.iter().find(|element| element.ai() == *ai);
                sequence.iter().filter_map(present).collect::<Vec<_>>()
            })
            .max_by_key(Vec::len)
            .unwrap_or_default();
        let mut uri = resolver.trim_end_matches('/').to_owned();
        for element in std::iter::once(&key).chain(&qualifiers) {
            uri += &format!("/{}/{}", element.ai(), encode(element.data()));
        }
        let mut separator = '?';
        for element in elements {
            if element == key || qualifiers.contains(&element) {
                continue;
            }
            if !element.entry().link_attribute {
                let (ai, key) = (element.ai(), key.ai());
                return Err(DigitalLinkError::NotAllowed { ai, key });
            }
            uri += &format!("{separator}{}={}", element.ai(), encode(element.data()));
            separator = '&';
        }
        Ok(uri)
    }
}

/// Whether `text` is a web address.
pub(crate) fn is_uri(text: &str) -> bool {
    let begins = |scheme: &str| {
        text.get(..scheme.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    };
    begins("https://") || begins("http://")
}

/// A part of the URI.
#[derive(Clone, Copy)]
struct Part<'a> {
    text: &'a str,
    /// Where it starts in the URI, in bytes.
    start: usize,
}

impl<'a> Part<'a> {
    /// The parts between separators.
    fn split(self, separators: &'static [char]) -> impl Iterator<Item = Self> {
        let mut start = self.start;
        self.text.split(separators).map(move |text| {
            let part = Self { text, start };
            start += text.len() + 1;
            part
        })
    }

    fn split_once(self, separator: char) -> (Self, Option<Self>) {
        match self.text.split_once(separator) {
            None => (self, None),
            Some((before, after)) => {
                let start = self.start + before.len() + 1;
                let before = Part {
                    text: before,
                    ..self
                };
                (before, Some(Self { text: after, start }))
            }
        }
    }
}

pub(crate) fn read(input: &Input, repairs: &mut Vec<Repair>) -> Result<ElementList, ScanError> {
    let whole = Part {
        text: &input.text,
        start: 0,
    };
    let (uri, _fragment) = whole.split_once('#');
    let (address, query) = uri.split_once('?');
    // The scheme, an empty part and the domain precede the path.
    let mut path: Vec<Part> = address.split(&['/']).skip(3).collect();
    if path.last().is_some_and(|part| part.text.is_empty()) {
        path.pop();
    }
    let key = (0..path.len())
        .find(|&start| is_key_with_qualifiers(&path[start..]))
        .ok_or_else(|| ScanError::Link {
            reason: NO_KEY.to_owned(),
            position: input.position(address.start + address.text.len()),
        })?;
    let mut elements = ElementList::default();
    for pair in path[key..].chunks_exact(2) {
        if let Some(entry) = dictionary::entry(pair[0].text) {
            elements
                .0
                .push(read_element(input, entry, pair[1], repairs)?);
        }
    }
    for attribute in query.iter().flat_map(|query| query.split(&['&', ';'])) {
        let (name, value) = attribute.split_once('=');
        // Only numeric names are GS1's.
        if name.text.is_empty() || !name.text.bytes().all(|byte| byte.is_ascii_digit()) {
            continue;
        }
        let position = input.position(name.start);
        let entry = dictionary::entry(name.text).ok_or_else(|| ScanError::UnknownAi {
            text: name.text.to_owned(),
            position,
        })?;
        if !entry.link_attribute {
            let reason = format!("({}) is not allowed in the query", entry.ai);
            return Err(ScanError::Link { reason, position });
        }
        let value = value.unwrap_or(Part {
            text: "",
            start: name.start + name.text.len(),
        });
        elements.0.push(read_element(input, entry, value, repairs)?);
    }
    Ok(elements)
}

/// Whether these path segments are a primary key and qualifiers, each followed by its value.
fn is_key_with_qualifiers(segments: &[Part]) -> bool {
    let ais: Vec<&str> = segments.iter().step_by(2).map(|part| part.text).collect();
    let Some((key, qualifiers)) = ais.split_first() else {
        return false;
    };
    segments.len().is_multiple_of(2)
        && dictionary::entry(key).is_some_and(|entry| allows(entry, qualifiers))
}

/// Whether `key` is a primary key that these qualifiers may follow, in this order.
fn allows(key: &Entry, qualifiers: &[&str]) -> bool {
    let in_order = |sequence: &Vec<&str>| {
        let mut rest = sequence.iter();
        qualifiers
            .iter()
            .all(|qualifier| rest.any(|allowed| allowed == qualifier))
    };
    key.link_qualifiers
        .as_ref()
        .is_some_and(|sequences| qualifiers.is_empty() || sequences.iter().any(in_order))
}

fn read_element(
    input: &Input,
    entry: &'static Entry,
    value: Part,
    repairs: &mut Vec<Repair>,
) -> Result<Element, ScanError> {
    let decoded = decode(value.text).map_err(|offset| ScanError::Link {
        reason: "a % is not followed by two hexadecimal digits of an ASCII character".to_owned(),
        position: input.position(value.start + offset),
    })?;
    let data = with_leading_zeros(entry, &decoded, repairs);
    Element::of(entry, &data).map_err(|violation| {
        InvalidElement::new(entry, input.position(value.start), violation).into()
    })
}

/// Decodes percent-encoding. The error is the offset of a `%` that cannot be decoded.
fn decode(text: &str) -> Result<String, usize> {
    let mut decoded = String::with_capacity(text.len());
    let mut offset = 0;
    while let Some(character) = text[offset..].chars().next() {
        if character == '%' {
            let byte = text
                .get(offset + 1..offset + 3)
                .filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()))
                .and_then(|digits| u8::from_str_radix(digits, 16).ok())
                .filter(u8::is_ascii)
                .ok_or(offset)?;
            decoded.push(char::from(byte));
            offset += 3;
        } else {
            decoded.push(character);
            offset += character.len_utf8();
        }
    }
    Ok(decoded)
}

fn encode(data: &str) -> String {
    let mut encoded = String::with_capacity(data.len());
    for character in data.chars() {
        // RFC 3986, section 2.3.
        if character.is_ascii_alphanumeric() || "-._~".contains(character) {
            encoded.push(character);
        } else {
            write!(encoded, "%{:02X}", u32::from(character)).expect("a string accepts any text");
        }
    }
    encoded
}
