//! Element strings: AIs and data one after the other, with separators after data whose length the
//! AI does not tell (GS1 General Specifications, section 7.8).

use std::ops::Range;

use crate::{
    dictionary::{self, Entry},
    element::{Element, ElementList, SEPARATOR},
    error::{Broken, ScanError},
    input::Input,
    repair::Repair,
};

/// How many readings are looked for where a separator may be lost.
const MAX_READINGS: usize = 8;

/// How many elements are tried in the search for them.
const MAX_TRIALS: usize = 20_000;

/// What an element string says.
pub(crate) struct ElementString {
    pub(crate) elements: ElementList,
    pub(crate) repairs: Vec<Repair>,
    /// What it would say if a separator had been lost, where that is possible.
    pub(crate) other_readings: Vec<ElementList>,
}

/// Reads an element string as it stands, or with the separators put in that can be missing in one way
/// only.
pub(crate) fn read(input: &Input) -> Result<ElementString, ScanError> {
    let mut search = Search::new(input);
    search.explore(0);
    match read_as_it_stands(input) {
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

/// Reads an element whose AI begins at `start`; its data ends at `end` or with its length.
fn read_element(
    input: &Input,
    entry: &'static Entry,
    data: Range<usize>,
) -> Result<Element, ScanError> {
    Element::of(entry, &input.text[data.clone()]).map_err(|rule| {
        let position = input.position(data.start + rule.offset);
        let (ai, title) = (entry.ai.as_str(), entry.title);
        Broken {
            ai,
            title,
            position,
            rule,
        }
        .into()
    })
}

fn entry_at(input: &Input, place: usize) -> Result<&'static Entry, ScanError> {
    let rest = &input.text[place..];
    dictionary::entry_at(rest.as_bytes()).ok_or_else(|| ScanError::UnknownAi {
        text: rest.chars().take(4).collect(),
        position: input.position(place),
    })
}

/// Where the next separator after `place` stands, or the end.
fn segment_end(input: &Input, place: usize) -> usize {
    input.text[place..]
        .find(SEPARATOR)
        .map_or(input.text.len(), |offset| place + offset)
}

/// An element's AI and where its data ends.
type Place = (&'static Entry, usize);

fn read_as_it_stands(input: &Input) -> Result<(ElementList, Vec<Repair>), ScanError> {
    let mut elements = ElementList::default();
    let mut places: Vec<Place> = Vec::new();
    let mut place = skip_separators(input, 0);
    while place < input.text.len() {
        let entry = entry_at(input, place)?;
        let start = place + entry.ai.len();
        let segment_end = segment_end(input, place);
        let end = if entry.predefined_length {
            segment_end.min(start + entry.max_length())
        } else {
            segment_end
        };
        elements.0.push(read_element(input, entry, start..end)?);
        places.push((entry, end));
        place = skip_separators(input, end);
    }
    if elements.0.is_empty() {
        return Err(ScanError::Empty);
    }
    Ok((elements, superfluous_separators(input, &places)))
}

fn skip_separators(input: &Input, place: usize) -> usize {
    let rest = &input.text[place..];
    place + rest.len() - rest.trim_start_matches(SEPARATOR).len()
}

/// Reports the separators that are more than the elements at `places` need.
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
            repairs.push(Repair::NeedlessSeparator { ai, position });
        } else if next > end + 1 {
            repairs.push(Repair::DoubledSeparator { position });
        }
    }
    repairs
}

/// A reading with separators put in.
struct Found {
    elements: ElementList,
    places: Vec<Place>,
    repairs: Vec<Repair>,
}

/// The search for the readings that a string has if separators were lost from it.
///
/// Data may then end wherever an AI follows. A reading in which an AI stands twice is none.
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

    fn explore(&mut self, place: usize) {
        let place = skip_separators(self.input, place);
        if place == self.input.text.len() {
            if !self.repairs.is_empty() {
                self.readings.push(Found {
                    elements: ElementList(self.elements.clone()),
                    places: self.places.clone(),
                    repairs: self.repairs.clone(),
                });
            }
            return;
        }
        let Ok(entry) = entry_at(self.input, place) else {
            return;
        };
        if self.elements.iter().any(|element| element.ai() == entry.ai) {
            return;
        }
        let start = place + entry.ai.len();
        let segment_end = segment_end(self.input, place);
        let longest = segment_end.min(start + entry.max_length());
        // The longest first, because lost separators are few.
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
