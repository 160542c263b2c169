//! Whether a scan that was read without a repair was written as the standard has it.
//!
//! The forms are told apart and taken to pieces here once more, in another way than the parser's, so
//! that the two check each other.

use pedigree_scan::{Element, Form, Scan, Symbology};

/// Characters of a symbology identifier.
const IDENTIFIER_LENGTH: usize = 3;

/// Asserts that a scan without repairs says its elements, no more and no less.
pub fn check_silence(bytes: &[u8], scan: &Scan) {
    if !scan.repairs.is_empty() {
        return;
    }
    let text = str::from_utf8(bytes).expect("what was read is text");
    let text = text.trim_end_matches(['\r', '\n', '\t']);
    assert_eq!(Symbology::identified_by(text), scan.symbology);
    let text = match scan.symbology {
        Some(symbology) => {
            check_held(symbology, scan.form);
            &text[IDENTIFIER_LENGTH..]
        }
        None => text,
    };
    let elements = &scan.elements;
    match scan.form {
        Form::ElementString => assert_eq!(text, elements.to_element_string()),
        Form::HumanReadable => assert_eq!(unescaped(text), unescaped(&elements.to_string())),
        Form::Gtin => {
            assert_eq!(elements.0.len(), 1);
            assert_eq!(elements.get("01"), Some(format!("{text:0>14}").as_str()));
        }
        Form::DigitalLink => check_link(text, &elements.0),
        other => panic!("{other:?} is not known here"),
    }
}

/// Asserts that such a symbol may hold this.
fn check_held(symbology: Symbology, form: Form) {
    let may = match symbology {
        Symbology::EanUpc | Symbology::Itf => form == Form::Gtin,
        Symbology::Code128 | Symbology::DataMatrix | Symbology::QrCode => {
            form == Form::Gtin || form == Form::DigitalLink
        }
        _ => form == Form::ElementString,
    };
    assert!(may, "{symbology} holds {form:?}");
}

/// A `(` in data may be written `\(`, and need not be where no AI follows.
fn unescaped(text: &str) -> String {
    text.replace("\\(", "(")
}

/// The elements are the end of the path, and then the attributes whose names are numbers.
fn check_link(uri: &str, elements: &[Element]) {
    let uri = uri.split('#').next().unwrap_or_default();
    let (path, query) = uri.split_once('?').unwrap_or((uri, ""));
    let path: Vec<String> = path.trim_end_matches('/').split('/').map(decoded).collect();
    let attributes: Vec<(String, String)> = query
        .split(['&', ';'])
        .map(|attribute| attribute.split_once('=').unwrap_or((attribute, "")))
        .filter(|(name, _)| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_digit()))
        .map(|(name, value)| (decoded(name), decoded(value)))
        .collect();
    let (in_path, in_query) = elements.split_at(elements.len() - attributes.len());
    let pair = |element: &Element| (element.ai().to_owned(), element.data().to_owned());
    let in_query: Vec<_> = in_query.iter().map(pair).collect();
    assert_eq!(attributes, in_query, "{uri:?}");
    let in_path: Vec<String> = in_path
        .iter()
        .flat_map(|element| [element.ai().to_owned(), element.data().to_owned()])
        .collect();
    assert!(!in_path.is_empty() && path.ends_with(&in_path), "{uri:?}");
}

/// Without percent-encoding.
fn decoded(text: &str) -> String {
    let mut parts = text.split('%');
    let mut decoded = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (digits, rest) = part.split_at_checked(2).unwrap_or((part, ""));
        match u8::from_str_radix(digits, 16) {
            Ok(byte) => decoded.push(char::from(byte)),
            Err(_) => decoded.push_str(&format!("%{digits}")),
        }
        decoded.push_str(rest);
    }
    decoded
}

#[cfg(test)]
mod tests {
    use std::panic::catch_unwind;

    use pedigree_scan::parse;

    use super::*;

    const YEAR: u16 = 2026;

    #[test]
    fn a_repair_that_is_not_reported_is_noticed() {
        for text in [
            " ]d20109506000134352",
            "]D20109506000134352",
            "]d2\u{1d}0109506000134352",
            "]d20109506000134352\u{1d}",
            "]d20109506000134352\u{1d}10A1",
            "]d210A1\u{1d}\u{1d}21S1",
            "]d210A1<GS>21S1",
            "]d210A1\u{1d}21S1\u{1d}10A1",
            "]d2010950600013435210ABCDEFGHIJKLMNOPQR21STUVW",
            "]d1010950600013435210A1",
            "]d2(10)A1",
            "(01)9506000134352",
            "(10) A1",
            "https://example.com/01/9506000134352",
        ] {
            let mut scan = parse(text, YEAR).unwrap();
            assert_eq!(scan.repairs.len(), 1, "{text:?}");
            check_silence(text.as_bytes(), &scan);
            scan.repairs.clear();
            let silent = catch_unwind(|| check_silence(text.as_bytes(), &scan));
            assert!(silent.is_err(), "{text:?}");
        }
    }
}
