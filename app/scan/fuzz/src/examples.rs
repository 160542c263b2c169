//! An element of every AI with valid data, which random bytes would hardly produce.

use std::sync::LazyLock;

use pedigree_scan::{
    Element,
    dictionary::{self, Characters, Component, Entry},
};

static EXAMPLES: LazyLock<Vec<Element>> =
    LazyLock::new(|| dictionary::entries().iter().map(example).collect());

/// One element of each AI, in the dictionary's order.
pub fn examples() -> &'static [Element] {
    &EXAMPLES
}

fn example(entry: &Entry) -> Element {
    let mut parts: Vec<String> = entry.components.iter().map(data_of).collect();
    // Only the last part may vary in length.
    let excess = parts.concat().len().saturating_sub(entry.max_length());
    if let Some(last) = parts.last_mut() {
        last.truncate(last.len() - excess);
    }
    let data = parts.concat();
    match Element::new(&entry.ai, &data) {
        Some(Ok(element)) => element,
        other => panic!("({}){data} is not a valid example: {other:?}", entry.ai),
    }
}

fn data_of(component: &Component) -> String {
    let length = component.min.midpoint(component.max);
    let digits = |count: usize| "9506000134352798".chars().cycle().take(count);
    let fixed = match component.linters[..] {
        ["csum", ..] => {
            let body: String = digits(component.max - 1).collect();
            let number = body.parse().expect("at most 17 digits");
            return format!("{body}{}", check_digit(number));
        }
        // The example in section 7.9.5 of the General Specifications.
        ["csumalpha", ..] => "1987654Ad4X4bL5ttr2310c2K",
        ["gcppos1"] => "9506000-1",
        ["yymmd0" | "yymmdd"] => "290228",
        ["yyyymmdd"] => "20290228",
        ["hhmi"] => "2359",
        ["hh"] => "23",
        ["mi" | "ss"] => "59",
        ["hyphen"] => "-",
        ["iban"] => "GB82WEST12345698765432",
        ["iso3166" | "iso3166999"] => "756",
        ["iso3166alpha2"] => "CH",
        ["iso4217"] => "978",
        ["latitude" | "longitude"] => "0279085848",
        ["mediatype"] => "80",
        ["packagetype"] => "1A",
        ["pcenc"] => "A%20B",
        ["pieceoftotal"] => "0102",
        ["posinseqslash"] => "1/3",
        ["iso5218" | "yesno"] => "1",
        ["winding" | "zero"] => "0",
        _ if component.characters == Characters::Digits => return digits(length).collect(),
        _ => return "A1".chars().cycle().take(length).collect(),
    };
    fixed.to_owned()
}

/// The check digit for the digits of `body` (General Specifications, section 7.9.1), computed
/// independently of the parser.
fn check_digit(body: u64) -> u64 {
    let mut rest = body;
    let mut sum = 0;
    for weight in [3, 1].into_iter().cycle().take(17) {
        sum += rest % 10 * weight;
        rest /= 10;
    }
    (10 - sum % 10) % 10
}

/// Replaces the last of these ASCII digits with the right check digit.
pub fn correct_check_digit(digits: &mut [u8]) {
    let Some((last, body)) = digits.split_last_mut() else {
        return;
    };
    let body = str::from_utf8(body).ok().and_then(|body| body.parse().ok());
    let digit = body.map_or(0, check_digit);
    *last =
        char::from_digit(u32::try_from(digit).unwrap_or_default(), 10).map_or(b'0', |c| c as u8);
}

#[cfg(test)]
mod tests {
    use pedigree_scan::ElementList;

    use super::*;
    use crate::check::check;

    #[test]
    fn every_ai_has_an_example_that_passes_the_check() {
        assert_eq!(examples().len(), dictionary::entries().len());
        for example in examples() {
            let alone = ElementList(vec![example.clone()]);
            check(alone.to_element_string().as_bytes());
            check(format!("]d2{}", alone.to_element_string()).as_bytes());
            check(alone.to_string().as_bytes());
        }
    }

    #[test]
    fn check_digits_are_corrected() {
        let mut gtin = *b"09506000134359";
        correct_check_digit(&mut gtin);
        assert_eq!(&gtin, b"09506000134352");
        let mut sscc = *b"106141412345678900";
        correct_check_digit(&mut sscc);
        assert_eq!(&sscc, b"106141412345678908");
    }
}
