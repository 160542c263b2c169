//! Element strings: concatenated AIs and data, with separators after data whose length the AI does not
//! determine (GS1 General Specifications, section 7.8).

use std::ops::Range;

use crate::{
    dictionary::{self, Entry},
    element::{Element, ElementList, SEPARATOR},
    error::{InvalidElement, ScanError},
    input::Input,
    repair::Repair,
};

/// The search for readings with missing separators stops after this many.
const MAX_READINGS: usize = 8;

/// The search for readings with missing separators stops after this many elements.
const MAX_TRIALS: usize = 20_000;

/// An element string that was read.
pub(crate) struct ElementString {
    pub(crate) elements: ElementList,
    pub(crate) repairs: Vec<Repair>,
    /// The readings in which a separator is missing from the string, though it is valid as it is.
    pub(crate) other_readings: Vec<ElementList>,
}

/// Reads an element string as it is. If it is not valid, but inserting separators makes it valid in one
/// way only, reads it with them.
pub(crate) fn read(input: &Input) -> Result<ElementString, ScanError> {
    let mut search = Search::new(input);
    search.explore(0);
    match read_as_is(input) {
        Ok((elements, repairs)) => Ok(ElementString {
            elements,
            repairs,
            other_readings: search
                .readings
                .into_iter()
                .map(|found| found.elements)
                .collect(),
        }),
        Err(error) => {
            let more = search.is_cut_short();
            match &mut search.readings[..] {
                [] => Err(error),
                [found] if !more => {
                    let mut repairs = superfluous_separators(input, &found.places);
                    repairs.append(&mut found.repairs);
                    Ok(ElementString {
                        elements: std::mem::take(&mut found.elements),
                        repairs,
                        other_readings: Vec::new(),
                    })
                }
                readings => Err(ScanError::MissingSeparator {
                    readings: readings
                        .iter_mut()
                        .map(|found| std::mem::take(&mut found.elements))
                        .collect(),
                    more,
                }),
            }
        }
    }
}

/// Reads the element with these bytes of the text as its data.
fn read_element(
    input: &Input,
    entry: &'static Entry,
    data: Range<usize>,
) -> Result<Element, ScanError> {
    Element::of(entry, &input.text[data.clone()]).map_err(|violation| {
        let position = input.position(data.start + violation.offset);
        InvalidElement::new(entry, position, violation).into()
    })
}

fn entry_at(input: &Input, offset: usize) -> Result<&'static Entry, ScanError> {
    let rest = &input.text[offset..];
    dictionary::entry_at(rest.as_bytes()).ok_or_else(|| ScanError::UnknownAi {
        text: rest.chars().take(4).collect(),
        position: input.position(offset),
    })
}

/// The offset of the next separator at or after `offset`, or the end of the text.
fn segment_end(input: &Input, offset: usize) -> usize {
    input.text[offset..]
        .find(SEPARATOR)
        .map_or(input.text.len(), |length| offset + length)
}

/// An element's AI, and the offset at which its data ends.
type Place = (&'static Entry, usize);

fn read_as_is(input: &Input) -> Result<(ElementList, Vec<Repair>), ScanError> {
    let mut elements = ElementList::default();
    let mut places: Vec<Place> = Vec::new();
    let mut offset = skip_separators(input, 0);
    while offset < input.text.len() {
        let entry = entry_at(input, offset)?;
        let start = offset + entry.ai.len();
        let segment_end = segment_end(input, offset);
        let end = if entry.predefined_length {
            segment_end.min(start + entry.max_length())
        } else {
            segment_end
        };
        elements.0.push(read_element(input, entry, start..end)?);
        places.push((entry, end));
        offset = skip_separators(input, end);
    }
    if elements.0.is_empty() {
        return Err(ScanError::Empty);
    }
    Ok((elements, superfluous_separators(input, &places)))
}

fn skip_separators(input: &Input, offset: usize) -> usize {
    let rest = &input.text[offset..];
    offset + rest.len() - rest.trim_start_matches(SEPARATOR).len()
}

/// Reports the separators that the elements at `places` do not require.
fn superfluous_separators(input: &Input, places: &[Place]) -> Vec<Repair> {
    let mut repairs = Vec::new();
    if input.text.starts_with(SEPARATOR) {
        repairs.push(Repair::LeadingSeparator);
    }
    for &(entry, end) in places {
        let next = skip_separators(input, end);
        let position = input.position(end);
        if next == end {
            continue;
        }
        if next == input.text.len() {
            repairs.push(Repair::TrailingSeparator);
        } else if entry.predefined_length {
            let ai = &entry.ai;
            repairs.push(Repair::UnnecessarySeparator { ai, position });
        } else if next > end + 1 {
            repairs.push(Repair::DoubledSeparator { position });
        }
    }
    repairs
}

/// A reading with separators inserted.
struct Found {
    elements: ElementList,
    places: Vec<Place>,
    repairs: Vec<Repair>,
}

/// The search for readings of a string from which separators may be missing.
///
/// Data may then end wherever an AI follows. A reading in which an AI occurs twice does not count.
struct Search<'a> {
    input: &'a Input,
    elements: Vec<Element>,
    places: Vec<Place>,
    repairs: Vec<Repair>,
    readings: Vec<Found>,
    trials: usize,
}

impl<'a> Search<'a> {
    fn new(input: &'a Input) -> Self {
        Self {
            input,
            elements: Vec::new(),
            places: Vec::new(),
            repairs: Vec::new(),
            readings: Vec::new(),
            trials: 0,
        }
    }

    fn is_cut_short(&self) -> bool {
        self.readings.len() == MAX_READINGS || self.trials == MAX_TRIALS
    }

    fn explore(&mut self, offset: usize) {
        let offset = skip_separators(self.input, offset);
        if offset == self.input.text.len() {
            if !self.repairs.is_empty() {
                self.readings.push(Found {
                    elements: ElementList(self.elements.clone()),
                    places: self.places.clone(),
                    repairs: self.repairs.clone(),
                });
            }
            return;
        }
        let Ok(entry) = entry_at(self.input, offset) else {
            return;
        };
        if self.elements.iter().any(|element| element.ai() == entry.ai) {
            return;
        }
        let start = offset + entry.ai.len();
        let segment_end = segment_end(self.input, offset);
        let longest = segment_end.min(start + entry.max_length());
        // The longest first, because few separators are missing.
        for end in (start + entry.min_length()..=longest).rev() {
            let is_cut = end < segment_end;
            if is_cut && dictionary::entry_at(&self.input.text.as_bytes()[end..]).is_none() {
                continue;
            }
            if self.is_cut_short() {
                return;
            }
            self.trials += 1;
            let Ok(element) = read_element(self.input, entry, start..end) else {
                continue;
            };
            let is_missing = is_cut && !entry.predefined_length;
            if is_missing {
                let (ai, position) = (entry.ai.as_str(), self.input.position(end));
                self.repairs.push(Repair::MissingSeparator { ai, position });
            }
            self.elements.push(element);
            self.places.push((entry, end));
            self.explore(end);
            self.places.pop();
            self.elements.pop();
            if is_missing {
                self.repairs.pop();
            }
        }
    }
}
