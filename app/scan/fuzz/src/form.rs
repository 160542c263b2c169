//! Whether a scan that was read without repairs conforms to the standard.
//!
//! The forms are parsed here independently of the parser, so that the two check each other.

use pedigree_scan::{Element, Form, Scan, Symbology};

/// The length of a symbology identifier, in characters.
const IDENTIFIER_LENGTH: usize = 3;

/// Asserts that a scan without repairs consists of its elements, in the form that the standard requires.
pub fn check_conformance(bytes: &[u8], scan: &Scan) {
    if !scan.repairs.is_empty() {
        return;
    }
    let text = str::from_utf8(bytes).expect("a scan that was read is text");
    let text = text.trim_end_matches(['\r', '\n', '\t']);
    assert_eq!(Symbology::identified_by(text), scan.symbology);
    let text = match scan.symbology {
        Some(symbology) => {
            check_form_in(symbology, scan.form);
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
        other => panic!("{other:?} is unknown here"),
    }
}

/// Asserts that the standard allows this form in such a symbol.
fn check_form_in(symbology: Symbology, form: Form) {
    let is_allowed = match symbology {
        Symbology::EanUpc | Symbology::Itf => form == Form::Gtin,
        Symbology::Code128 | Symbology::DataMatrix | Symbology::QrCode => {
            form == Form::Gtin || form == Form::DigitalLink
        }
        _ => form == Form::ElementString,
    };
    assert!(is_allowed, "{form:?} in {symbology}");
}

/// Without the escapes: a `(` in data that no AI follows may be written with one or without.
fn unescaped(text: &str) -> String {
    text.replace("\\(", "(")
}

/// Asserts that the elements are the end of the path, then the attributes with numeric names.
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

/// Decodes percent-encoding.
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
    fn an_unreported_repair_is_detected() {
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
            check_conformance(text.as_bytes(), &scan);
            scan.repairs.clear();
            let unreported = catch_unwind(|| check_conformance(text.as_bytes(), &scan));
            assert!(unreported.is_err(), "{text:?}");
        }
    }
}
