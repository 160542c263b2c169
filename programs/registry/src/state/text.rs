//! Fixed fields of text: UTF-8, then zeros.

/// Whether `field` is at least one byte of UTF-8 without control characters, then only zeros.
pub(crate) fn is_padded_text(field: &[u8]) -> bool {
    let length = field
        .iter()
        .position(|&byte| byte == 0)
        .unwrap_or(field.len());
    let (text, padding) = field.split_at(length);
    length > 0
        && padding.iter().all(|&byte| byte == 0)
        && core::str::from_utf8(text).is_ok_and(|text| !text.chars().any(char::is_control))
}

#[cfg(test)]
mod tests {
    use super::is_padded_text;

    #[test]
    fn text_then_zeros_is_accepted() {
        assert!(is_padded_text(b"Apotheke zum L\xc3\xb6wen\0\0"));
        assert!(is_padded_text(b"full"));
    }

    #[test]
    fn empty_broken_and_hidden_text_is_refused() {
        for field in [&b"\0\0"[..], b"a\0b\0", b"a\nb\0", b"\xc3\0", b""] {
            assert!(!is_padded_text(field), "{field:?}");
        }
    }
}
