//! Lot numbers: GS1 application identifier 10, one to twenty characters of character set 82.

/// Bytes that an account keeps for a lot number; shorter ones end in zeros.
pub const LOT_NUMBER_BYTES: usize = 20;

/// Whether `byte` belongs to GS1 character set 82 (General Specifications, figure 7.11-1).
pub const fn is_charset_82(byte: u8) -> bool {
    matches!(byte,
        b'!' | b'"' | b'%'..=b'?' | b'A'..=b'Z' | b'_' | b'a'..=b'z')
}

/// Whether `lot_number` holds one to twenty characters of the set, then only zeros.
pub fn is_valid(lot_number: &[u8; LOT_NUMBER_BYTES]) -> bool {
    let length = length(lot_number);
    let (text, padding) = lot_number.split_at(length);
    length > 0
        && text.iter().all(|&byte| is_charset_82(byte))
        && padding.iter().all(|&byte| byte == 0)
}

/// The lot number padded to its fixed size; `None` if it breaks the rule of [`is_valid`].
pub fn from_text(text: &str) -> Option<[u8; LOT_NUMBER_BYTES]> {
    let mut lot_number = [0; LOT_NUMBER_BYTES];
    lot_number
        .get_mut(..text.len())?
        .copy_from_slice(text.as_bytes());
    is_valid(&lot_number).then_some(lot_number)
}

/// The text of a padded lot number; `None` if it is not ASCII.
pub fn to_text(lot_number: &[u8; LOT_NUMBER_BYTES]) -> Option<&str> {
    core::str::from_utf8(&lot_number[..length(lot_number)]).ok()
}

fn length(lot_number: &[u8; LOT_NUMBER_BYTES]) -> usize {
    lot_number
        .iter()
        .position(|&byte| byte == 0)
        .unwrap_or(LOT_NUMBER_BYTES)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_set_has_82_characters() {
        assert_eq!(
            (0..=u8::MAX).filter(|&byte| is_charset_82(byte)).count(),
            82
        );
    }

    #[test]
    fn text_goes_in_and_comes_back() {
        for text in ["A", "LOT-2026/11", "12345678901234567890"] {
            assert_eq!(to_text(&from_text(text).unwrap()), Some(text));
        }
    }

    #[test]
    fn invalid_lot_numbers_are_refused() {
        for text in ["", "A B", "A#1", "A\0B", "Ä", "123456789012345678901"] {
            assert_eq!(from_text(text), None, "{text:?}");
        }
        let mut gap = from_text("AB").unwrap();
        gap[5] = b'C';
        assert!(!is_valid(&gap));
    }
}
