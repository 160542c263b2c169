//! Valid serial numbers, and generating new ones.

use pedigree_domain::lot_number::is_charset_82;

/// The maximum length of AI 21, in characters (GS1 General Specifications, section 3.5.2).
pub(crate) const MAX_CHARACTERS: usize = 20;

/// Why a text is not a valid serial number.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidSerial {
    /// There are no characters.
    #[error("the serial number is empty; every unit needs one")]
    Empty,
    /// There are too many characters.
    #[error(
        "the serial number {serial:?} has {characters} characters, but AI 21 allows {MAX_CHARACTERS}"
    )]
    TooLong { serial: String, characters: usize },
    /// A character is not allowed.
    #[error(
        "the serial number {serial:?} contains {character:?}, which is not in GS1 character set 82 \
         (letters, digits and !\"%&'()*+,-./:;<=>?_)"
    )]
    Character { serial: String, character: char },
}

/// Checks that `serial` consists of 1 to 20 characters of GS1 character set 82, as AI 21 requires.
///
/// # Errors
///
/// How it does not.
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

/// The characters of generated serial numbers: digits, and capitals except those that look like a digit
/// (I, O) and those whose keys differ between the QWERTY, QWERTZ and AZERTY layouts that a
/// keyboard-wedge scanner may be set to (A, M, Q, W, Y, Z).
pub(crate) const ALPHABET: &[u8; 28] = b"0123456789BCDEFGHJKLNPRSTUVX";

/// The length of a generated serial number, in characters.
///
/// 28^12 is 2.3 * 10^17, so a guess matches one of a million units with a probability of 4 * 10^-12.
/// Delegated Regulation (EU) 2016/161, article 4(c), requires less than 10^-4.
pub(crate) const GENERATED_CHARACTERS: usize = 12;

/// Generates serial numbers from the operating system's random numbers, with characters that are
/// independent and uniformly distributed.
pub(crate) struct Generator {
    pool: [u8; 4_096],
    used: usize,
}

impl Generator {
    pub(crate) fn new() -> Self {
        let pool = [0; 4_096];
        Self {
            used: pool.len(),
            pool,
        }
    }

    /// The next serial number.
    pub(crate) fn serial(&mut self) -> Result<[u8; GENERATED_CHARACTERS], getrandom::Error> {
        let mut serial = [0; GENERATED_CHARACTERS];
        for character in &mut serial {
            *character = self.character()?;
        }
        Ok(serial)
    }

    fn character(&mut self) -> Result<u8, getrandom::Error> {
        // The largest multiple of the alphabet's size that fits a byte: the bytes from there on would
        // make the first characters more frequent.
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
    fn a_serial_number_has_1_to_20_characters_of_set_82() {
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
    fn generated_characters_are_uniformly_distributed() {
        let mut generator = Generator::new();
        let mut counts = [0u32; 256];
        for _ in 0..28_000 {
            for character in generator.serial().unwrap() {
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
