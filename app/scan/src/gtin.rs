//! GTINs written with fewer than the 14 digits of AI 01 (General Specifications, section 3.3.2).

use crate::{
    dictionary::{self, Entry},
    element::Element,
    error::{InvalidElement, ScanError},
    input::Input,
    repair::Repair,
};

/// Whether `text` consists of 8, 12, 13 or 14 digits.
pub(crate) fn is_gtin_like(text: &str) -> bool {
    matches!(text.len(), 8 | 12 | 13 | 14) && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Reads a bare GTIN as AI 01.
pub(crate) fn read(input: &Input) -> Result<Element, ScanError> {
    let entry = dictionary::entry("01").expect("the dictionary has AI 01");
    let zeros = match is_gtin_like(&input.text) {
        true => 14 - input.text.len(),
        // Fails the check of the length.
        false => 0,
    };
    Element::of(entry, &("0".repeat(zeros) + &input.text)).map_err(|violation| {
        let position = input.position(violation.offset.saturating_sub(zeros));
        InvalidElement::new(entry, position, violation).into()
    })
}

/// Adds leading zeros to a GTIN of 8, 12 or 13 digits, as AIs 01 and 02 require. They do not affect
/// the check digit.
pub(crate) fn with_leading_zeros(entry: &Entry, data: &str, repairs: &mut Vec<Repair>) -> String {
    let digits = data.len();
    if matches!(entry.ai.as_str(), "01" | "02") && is_gtin_like(data) && digits < 14 {
        repairs.push(Repair::ShortGtin { digits });
        return format!("{data:0>14}");
    }
    data.to_owned()
}
