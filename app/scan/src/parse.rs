//! Recognising the form of a scan, and reading it.

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

/// Parses what a scanner sent or a person typed: ASCII, apart from white space around it and
/// substitutes for FNC1.
///
/// `current_year` determines the century of two-digit years (General Specifications, section 7.12).
///
/// # Errors
///
/// If the input is not GS1 data, violates a rule that no [`Repair`] can correct without doubt, or lacks
/// separators whose positions are ambiguous.
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

/// Reads digits that a person typed, or that a scanner sent without a symbology identifier.
///
/// If their number and check digit are a GTIN's, they are read as a GTIN: many GTINs start with the
/// digits of an AI, while hardly any element string that short contains a key. The element string is
/// then another reading.
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

/// A GTIN as the only element.
fn bare_gtin(gtin: Element, other_readings: Vec<ElementList>) -> ElementString {
    ElementString {
        elements: ElementList(vec![gtin]),
        repairs: Vec::new(),
        other_readings,
    }
}

/// Removes repeated elements. An AI may occur twice on an item only with the same data.
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
