//! Elements as people read and type them: `(01)09506000134352(10)ABC`.
//!
//! A `(` in data is written `\(`, as GS1's own tools do; one that no AI in brackets follows is taken
//! for data too.

use crate::{
    dictionary::{self, Entry},
    element::{Element, ElementList},
    error::{Broken, ScanError},
    gtin::with_leading_zeros,
    input::Input,
    repair::Repair,
};

pub(crate) fn read(input: &Input, repairs: &mut Vec<Repair>) -> Result<ElementList, ScanError> {
    let mut elements = ElementList::default();
    let mut place = 0;
    while place < input.text.len() {
        let rest = &input.text[place..];
        let Some(ai) = bracketed_ai(rest) else {
            return Err(unknown(input, place));
        };
        let entry = dictionary::entry(ai).ok_or_else(|| unknown(input, place + 1))?;
        let start = place + ai.len() + 2;
        let end = data_end(&input.text, start);
        elements
            .0
            .push(read_element(input, entry, start, end, repairs)?);
        place = end;
    }
    Ok(elements)
}

fn unknown(input: &Input, place: usize) -> ScanError {
    ScanError::UnknownAi {
        text: input.text[place..].chars().take(6).collect(),
        position: input.position(place),
    }
}

/// The digits of `(…)` at the beginning of `text`, if they have an AI's length.
fn bracketed_ai(text: &str) -> Option<&str> {
    let (ai, _) = text.strip_prefix('(')?.split_once(')')?;
    ((2..=4).contains(&ai.len()) && ai.bytes().all(|byte| byte.is_ascii_digit())).then_some(ai)
}

/// Where the data that begins at `start` ends: at the next AI in brackets.
fn data_end(text: &str, start: usize) -> usize {
    text[start..]
        .match_indices('(')
        .map(|(offset, _)| start + offset)
        .find(|&place| !text[..place].ends_with('\\') && bracketed_ai(&text[place..]).is_some())
        .unwrap_or(text.len())
}

fn read_element(
    input: &Input,
    entry: &'static Entry,
    start: usize,
    end: usize,
    repairs: &mut Vec<Repair>,
) -> Result<Element, ScanError> {
    let ai = entry.ai.as_str();
    let written = &input.text[start..end];
    let spaces = written.len() - written.trim_start_matches(' ').len();
    let data = written.trim_matches(' ');
    let position = input.position(start);
    if data.len() < written.len() {
        repairs.push(Repair::Spaces { ai, position });
    }
    let unescaped = data.replace("\\(", "(");
    let data = with_leading_zeros(entry, &unescaped, repairs);
    Element::of(entry, &data).map_err(|rule| {
        let position = input.position(start + spaces + rule.offset);
        Broken {
            ai,
            title: entry.title,
            position,
            rule,
        }
        .into()
    })
}
