//! GTINs written with fewer than the 14 digits that AI 01 has (General Specifications, section
//! 3.3.2).

use crate::{
    dictionary::{self, Entry},
    element::Element,
    error::{Broken, ScanError},
    input::Input,
    repair::Repair,
};

/// Whether `text` has the length of a GTIN-8, -12, -13 or -14 and digits only.
pub(crate) fn is_gtin_like(text: &str) -> bool {
    matches!(text.len(), 8 | 12 | 13 | 14) && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Reads a bare GTIN.
pub(crate) fn read(input: &Input) -> Result<Element, ScanError> {
    let entry = dictionary::entry("01").expect("the dictionary has the GTIN");
    let zeros = match is_gtin_like(&input.text) {
        true => 14 - input.text.len(),
        // The rule on lengths will say so.
        false => 0,
    };
    Element::of(entry, &("0".repeat(zeros) + &input.text)).map_err(|rule| {
        Broken {
            ai: &entry.ai,
            title: entry.title,
            position: input.position(rule.offset.saturating_sub(zeros)),
            rule,
        }
        .into()
    })
}

/// Puts zeros before a GTIN of 8, 12 or 13 digits, as (01) and (02) want it. Its check digit stays
/// the right one.
pub(crate) fn with_leading_zeros(entry: &Entry, data: &str, repairs: &mut Vec<Repair>) -> String {
    let digits = data.len();
    if matches!(entry.ai.as_str(), "01" | "02") && is_gtin_like(data) && digits < 14 {
        repairs.push(Repair::ShortGtin { digits });
        return format!("{data:0>14}");
    }
    data.to_owned()
}
