//! Telling the forms of a scan apart.

use crate::{
    digital_link,
    element::{Element, ElementList, SEPARATOR},
    element_string::{self, ElementString},
    error::ScanError,
    form::Form,
    gtin, human_readable,
    input::Input,
    repair::Repair,
    scan::Scan,
    symbology::{Prefix, Symbology},
};

/// Reads what a scanner sent or somebody typed.
///
/// `current_year` decides on the century of two-digit years (General Specifications, section 7.12).
pub fn parse(input: impl AsRef<[u8]>, current_year: u16) -> Result<Scan, ScanError> {
    let mut repairs = Vec::new();
    let mut input = Input::new(input.as_ref(), &mut repairs)?;
    let symbology = take_symbology(&mut input, &mut repairs)?;
    let mut other_readings = Vec::new();
    let carries_elements = symbology.is_some_and(Symbology::carries_elements);
    let (form, mut elements) = if digital_link::is_uri(&input.text) {
        let elements = digital_link::read(&input, &mut repairs)?;
        (Form::DigitalLink, elements)
    } else if input.text.starts_with('(') {
        let elements = human_readable::read(&input, &mut repairs)?;
        (Form::HumanReadable, elements)
    } else {
        let (form, string) = if symbology.is_some_and(Symbology::carries_a_gtin) {
            (Form::Gtin, bare_gtin(gtin::read(&input)?, Vec::new()))
        } else if gtin::is_gtin_like(&input.text) && !carries_elements {
            read_digits(&input)?
        } else {
            (Form::ElementString, element_string::read(&input)?)
        };
        repairs.extend(string.repairs);
        other_readings = string.other_readings;
        (form, string.elements)
    };
    if let Some(symbology) = symbology.filter(|symbology| !symbology.may_hold(form)) {
        repairs.push(match form {
            Form::ElementString => Repair::MissingFnc1,
            _ => Repair::ForeignForm { symbology, form },
        });
    }
    remove_repeated(&mut elements, &mut repairs)?;
    Ok(Scan {
        symbology,
        form,
        elements,
        repairs,
        other_readings,
        current_year,
    })
}

fn take_symbology(
    input: &mut Input,
    repairs: &mut Vec<Repair>,
) -> Result<Option<Symbology>, ScanError> {
    let symbology = match Symbology::of(input.text.as_bytes()) {
        Prefix::None => return Ok(None),
        Prefix::Known(symbology) => symbology,
        Prefix::CapsLock(symbology) => {
            input.swap_case();
            repairs.push(Repair::CapsLock);
            symbology
        }
        Prefix::Foreign => {
            let identifier = &input.text[..Symbology::IDENTIFIER_LENGTH];
            let identifier = identifier.to_owned();
            return Err(ScanError::ForeignSymbol { identifier });
        }
    };
    input.skip(Symbology::IDENTIFIER_LENGTH);
    if input.text.chars().all(|c| c == SEPARATOR) {
        return Err(ScanError::Empty);
    }
    Ok(Some(symbology))
}

/// Reads digits that a scanner without symbology identifiers sent, or somebody typed.
///
/// With a GTIN's length and check digit they are a GTIN: of element strings that short hardly any holds
/// a key, but a good part of all GTINs begins like an AI. The elements are another reading.
fn read_digits(input: &Input) -> Result<(Form, ElementString), ScanError> {
    match (gtin::read(input), element_string::read(input)) {
        (Ok(gtin), string) => {
            let other_readings = string.map_or_else(|_| Vec::new(), |string| vec![string.elements]);
            Ok((Form::Gtin, bare_gtin(gtin, other_readings)))
        }
        (Err(_), Ok(string)) => Ok((Form::ElementString, string)),
        (Err(error), Err(_)) => Err(error),
    }
}

fn bare_gtin(gtin: Element, other_readings: Vec<ElementList>) -> ElementString {
    ElementString {
        elements: ElementList(vec![gtin]),
        repairs: Vec::new(),
        other_readings,
    }
}

/// Leaves each AI once. The same data may stand twice on one item, different data may not.
fn remove_repeated(elements: &mut ElementList, repairs: &mut Vec<Repair>) -> Result<(), ScanError> {
    let mut once: Vec<Element> = Vec::with_capacity(elements.0.len());
    for element in elements.0.drain(..) {
        match once.iter().find(|earlier| earlier.ai() == element.ai()) {
            None => once.push(element),
            Some(earlier) if *earlier == element => {
                let ai = element.ai();
                repairs.push(Repair::Repeated { ai });
            }
            Some(earlier) => {
                return Err(ScanError::Conflict {
                    ai: element.ai(),
                    first: earlier.data().to_owned(),
                    second: element.data().to_owned(),
                });
            }
        }
    }
    elements.0 = once;
    Ok(())
}
