//! Fixed fields of text: UTF-8, then zeros.

use alloc::{format, string::String};

use crate::identifier::{InvalidIdentifier, invalid};

/// Whether `field` is at least one byte of UTF-8 without control characters, then only zeros.
// Out of line: every invariant but one asks.
#[inline(never)]
pub fn is_padded_text(field: &[u8]) -> bool {
    let mut text = field;
    // By the word first: most of a field is padding.
    while text.ends_with(&[0; 8]) {
        text = &text[..text.len() - 8];
    }
    while let [rest @ .., 0] = text {
        text = rest;
    }
    let is_plain_ascii = |text: &[u8]| text.iter().all(|byte| matches!(byte, b' '..=b'~'));
    !text.is_empty() && (is_plain_ascii(text) || is_text(text))
}

/// Whether `text` is UTF-8 without control characters, of which a zero in its midst is one.
#[cold]
fn is_text(text: &[u8]) -> bool {
    core::str::from_utf8(text).is_ok_and(|text| !text.chars().any(char::is_control))
}

/// Pads `text` with zeros to a fixed text field of an account.
pub fn text_field<const N: usize>(
    what: &'static str,
    text: &str,
) -> Result<[u8; N], InvalidIdentifier> {
    let mut field = [0; N];
    if text.is_empty() || text.len() > N {
        return Err(invalid(
            what,
            text,
            format!("it has {} bytes instead of 1 to {N}", text.len()),
        ));
    }
    if text.chars().any(char::is_control) {
        return Err(invalid(what, text, "it holds a control character"));
    }
    field[..text.len()].copy_from_slice(text.as_bytes());
    Ok(field)
}

/// Pads a web address with zeros to a fixed field of an account: printable ASCII without spaces.
pub fn address_field<const N: usize>(
    what: &'static str,
    text: &str,
) -> Result<[u8; N], InvalidIdentifier> {
    if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(invalid(
            what,
            text,
            "it holds a space or something else than printable ASCII characters",
        ));
    }
    text_field(what, text)
}

/// The text of a fixed field, without its padding.
pub fn field_text(field: &[u8]) -> String {
    let length = field
        .iter()
        .position(|&byte| byte == 0)
        .unwrap_or(field.len());
    String::from_utf8_lossy(&field[..length]).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_then_zeros_is_accepted() {
        assert!(is_padded_text(b"Apotheke zum L\xc3\xb6wen\0\0"));
        assert!(is_padded_text(b"full"));
    }

    #[test]
    fn a_web_address_is_printable_ascii_then_zeros() {
        assert_eq!(address_field("address", "a.b/c"), Ok(*b"a.b/c\0\0"));
        for text in ["", "a b", "é", "a\n", "12345678"] {
            assert!(address_field::<7>("address", text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn empty_broken_and_hidden_text_is_refused() {
        for field in [
            &b"\0\0"[..],
            b"a\0b\0",
            b"a\nb\0",
            b"a\x7f",
            b"\xc2\x85",
            b"\xc3\0",
            b"",
        ] {
            assert!(!is_padded_text(field), "{field:?}");
        }
    }
}
