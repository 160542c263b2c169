//! Elements with their AIs in brackets, as they are printed and typed: `(01)09506000134352(10)ABC`.
//!
//! A `(` in data is written as `\(`, as in GS1's own tools. A `(` that does not start an AI in
//! brackets is read as data too.

use std::ops::Range;

use crate::{
    dictionary::{self, Entry},
    element::{Element, ElementList},
    error::{InvalidElement, ScanError},
    gtin::with_leading_zeros,
    input::Input,
    repair::Repair,
};

pub(crate) fn read(input: &Input, repairs: &mut Vec<Repair>) -> Result<ElementList, ScanError> {
    let mut elements = ElementList::default();
    let mut offset = 0;
    while offset < input.text.len() {
        let Some(ai) = bracketed_ai(&input.text[offset..]) else {
            return Err(unknown(input, offset));
        };
        let entry = dictionary::entry(ai).ok_or_else(|| unknown(input, offset + 1))?;
        let start = offset + ai.len() + 2;
        let end = data_end(&input.text, start);
        elements
            .0
            .push(read_element(input, entry, start..end, repairs)?);
        offset = end;
    }
    Ok(elements)
}

fn unknown(input: &Input, offset: usize) -> ScanError {
    ScanError::UnknownAi {
        text: input.text[offset..].chars().take(6).collect(),
        position: input.position(offset),
    }
}

/// The digits of the `(…)` that `text` starts with, if there are two to four.
fn bracketed_ai(text: &str) -> Option<&str> {
    let (ai, _) = text.strip_prefix('(')?.split_once(')')?;
    ((2..=4).contains(&ai.len()) && ai.bytes().all(|byte| byte.is_ascii_digit())).then_some(ai)
}

/// Where the data that begins at `start` ends: at the next AI in brackets.
fn data_end(text: &str, start: usize) -> usize {
    text[start..]
        .match_indices('(')
        .map(|(offset, _)| start + offset)
        .find(|&offset| !text[..offset].ends_with('\\') && bracketed_ai(&text[offset..]).is_some())
        .unwrap_or(text.len())
}

fn read_element(
    input: &Input,
    entry: &'static Entry,
    data: Range<usize>,
    repairs: &mut Vec<Repair>,
) -> Result<Element, ScanError> {
    let start = data.start;
    let written = &input.text[data];
    let spaces = written.len() - written.trim_start_matches(' ').len();
    let trimmed = written.trim_matches(' ');
    if trimmed.len() < written.len() {
        repairs.push(Repair::Spaces {
            ai: &entry.ai,
            position: input.position(start),
        });
    }
    let unescaped = trimmed.replace("\\(", "(");
    let data = with_leading_zeros(entry, &unescaped, repairs);
    Element::of(entry, &data).map_err(|violation| {
        let position = input.position(start + spaces + violation.offset);
        InvalidElement::new(entry, position, violation).into()
    })
}
