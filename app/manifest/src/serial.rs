//! What a serial number may be, and how new ones are drawn.

use pedigree_domain::lot_number::is_charset_82;

/// Characters that AI 21 may have at most (GS1 General Specifications, section 3.5.2).
pub(crate) const MAX_CHARACTERS: usize = 20;

/// Why a text is no serial number.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidSerial {
    #[error("the serial is empty; every unit needs one")]
    Empty,
    #[error(
        "the serial {serial:?} has {characters} characters, but AI 21 has room for {MAX_CHARACTERS}"
    )]
    TooLong { serial: String, characters: usize },
    #[error(
        "the serial {serial:?} holds {character:?}, which is not in GS1 character set 82 (letters, \
         digits and !\"%&'()*+,-./:;<=>?_)"
    )]
    Character { serial: String, character: char },
}

/// Checks that `serial` is 1 to 20 characters of GS1 character set 82, as AI 21 demands.
pub fn check_serial(serial: &str) -> Result<(), InvalidSerial> {
    if serial.is_empty() {
        return Err(InvalidSerial::Empty);
    }
    if let Some(character) = serial
        .chars()
        .find(|&c| !u8::try_from(c).is_ok_and(is_charset_82))
    {
        let serial = serial.to_owned();
        return Err(InvalidSerial::Character { serial, character });
    }
    if serial.len() > MAX_CHARACTERS {
        return Err(InvalidSerial::TooLong {
            serial: serial.to_owned(),
            characters: serial.len(),
        });
    }
    Ok(())
}

/// The characters of drawn serials: digits, and capitals that neither look like a digit (I, O) nor
/// change places between the QWERTY, QWERTZ and AZERTY layouts that a keyboard-wedge scanner may be
/// set to (A, M, Q, W, Y, Z).
pub(crate) const ALPHABET: &[u8; 28] = b"0123456789BCDEFGHJKLNPRSTUVX";

/// Characters of a drawn serial.
///
/// 28^12 is 2.3 * 10^17, so among a lot of a million a guess hits with a probability of
/// 4 * 10^-12. Delegated Regulation (EU) 2016/161, article 4(c), asks for less than 10^-4.
pub(crate) const DRAWN_CHARACTERS: usize = 12;

/// Draws serials from the operating system's random numbers, each character with equal chance.
pub(crate) struct Draw {
    pool: [u8; 4_096],
    used: usize,
}

impl Draw {
    pub(crate) fn new() -> Self {
        let pool = [0; 4_096];
        Self {
            used: pool.len(),
            pool,
        }
    }

    pub(crate) fn serial(&mut self) -> Result<[u8; DRAWN_CHARACTERS], getrandom::Error> {
        let mut serial = [0; DRAWN_CHARACTERS];
        for character in &mut serial {
            *character = self.character()?;
        }
        Ok(serial)
    }

    fn character(&mut self) -> Result<u8, getrandom::Error> {
        // The largest multiple of the alphabet's size that a byte reaches: bytes from there on
        // would favour the first characters.
        const FAIR: u8 = (256 / ALPHABET.len() * ALPHABET.len()) as u8;
        loop {
            if self.used == self.pool.len() {
                getrandom::fill(&mut self.pool)?;
                self.used = 0;
            }
            let byte = self.pool[self.used];
            self.used += 1;
            if byte < FAIR {
                return Ok(ALPHABET[usize::from(byte) % ALPHABET.len()]);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_serial_has_1_to_20_characters_of_set_82() {
        for serial in ["1", "A-b/9_?", "12345678901234567890"] {
            assert_eq!(check_serial(serial), Ok(()), "{serial}");
        }
        assert_eq!(check_serial(""), Err(InvalidSerial::Empty));
        for (serial, character) in [
            ("A B", ' '),
            ("A#", '#'),
            ("É1", 'É'),
            ("A\u{1d}B", '\u{1d}'),
        ] {
            assert!(
                matches!(check_serial(serial), Err(InvalidSerial::Character { character: found, .. }) if found == character),
                "{serial:?}"
            );
        }
        assert!(matches!(
            check_serial("123456789012345678901"),
            Err(InvalidSerial::TooLong { characters: 21, .. })
        ));
    }

    #[test]
    fn drawn_serials_use_the_whole_alphabet_evenly() {
        let mut draw = Draw::new();
        let mut counts = [0u32; 256];
        for _ in 0..28_000 {
            for character in draw.serial().unwrap() {
                counts[usize::from(character)] += 1;
            }
        }
        for &character in ALPHABET {
            // 12,000 are expected; ten standard deviations are 1,075.
            let count = counts[usize::from(character)];
            assert!(
                (10_900..13_100).contains(&count),
                "{} {count}",
                character as char
            );
        }
        assert_eq!(counts.iter().sum::<u32>(), 28_000 * 12);
    }
}
