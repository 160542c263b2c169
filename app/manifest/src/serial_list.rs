//! The serial numbers of a lot in packing order, exported by a packaging line's software or generated
//! here.

use std::{
    collections::HashSet,
    io::{self, BufRead, BufReader, Read},
    num::NonZeroU64,
};

use pedigree_domain::gs1;
use rayon::slice::ParallelSliceMut;

use crate::serial::{self, Generator, InvalidSerial};

/// Why a list of serial numbers was refused. Lines are counted from 1.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SerialListError {
    /// A serial number is invalid.
    #[error("line {line}: {reason}")]
    Serial { line: u64, reason: InvalidSerial },
    /// A package is not an SSCC.
    #[error(
        "line {line}: {text:?} is not a valid SSCC, which has 18 digits with a check digit at the end \
         (GS1 General Specifications, section 3.2)"
    )]
    Package { line: u64, text: String },
    /// A serial number occurs twice.
    #[error(
        "line {line}: the serial number {serial:?} is already in line {first_line}; every unit of a \
         GTIN needs its own"
    )]
    Duplicate {
        serial: String,
        first_line: u64,
        line: u64,
    },
    /// A line is not UTF-8 or not CSV.
    #[error("line {line}: {reason}; save the list as UTF-8 text")]
    Csv { line: u64, reason: String },
    /// There are no serial numbers.
    #[error("the list contains no serial numbers")]
    Empty,
    /// There are more serial numbers than a lot may have units.
    #[error(
        "the list contains more serial numbers than a lot may have units: {}",
        u32::MAX
    )]
    TooMany,
    /// The file system failed.
    #[error("the list cannot be read: {0}")]
    Read(#[from] io::Error),
    /// The operating system failed to provide random numbers.
    #[error("the operating system provides no random numbers: {0}")]
    Random(#[from] getrandom::Error),
}

/// Serial numbers in the order in which the units are packed, each with its package if that is known.
/// They are valid and unique.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SerialList {
    /// The serial numbers, concatenated.
    text: String,
    /// The end of each serial number in `text`.
    ends: Vec<usize>,
    /// The SSCC of each unit's package; empty if none is known.
    packages: Vec<Option<NonZeroU64>>,
}

impl SerialList {
    /// Reads a list in UTF-8: CSV with a header that has a column `serial` and optionally a column
    /// `package` or `sscc`, or a plain list with one serial number a line.
    ///
    /// The header determines whether columns are separated by commas, semicolons or tabs; other columns
    /// are ignored. Empty lines are skipped in CSV and refused in a plain list.
    ///
    /// # Errors
    ///
    /// If the list cannot be read, is empty, or contains an invalid or a repeated serial number.
    pub fn read(reader: impl Read) -> Result<Self, SerialListError> {
        let mut reader = BufReader::with_capacity(1 << 16, reader);
        skip_byte_order_mark(&mut reader)?;
        let mut first_line = String::new();
        read_line(&mut reader, &mut first_line, 1)?;
        let (list, lines) = match Header::of(&first_line) {
            Some(header) => Self::read_csv(reader, &header)?,
            None => Self::read_plain(reader, first_line)?,
        };
        if list.is_empty() {
            return Err(SerialListError::Empty);
        }
        match list.duplicate() {
            None => Ok(list),
            Some((first, second)) => Err(SerialListError::Duplicate {
                serial: list.serial(first).to_owned(),
                first_line: lines.of(first),
                line: lines.of(second),
            }),
        }
    }

    /// Generates `quantity` random serial numbers of 12 digits and capitals.
    ///
    /// # Errors
    ///
    /// If `quantity` is 0, or the operating system provides no random numbers.
    pub fn generate(quantity: u32) -> Result<Self, SerialListError> {
        let mut generator = Generator::new();
        let mut known = HashSet::with_capacity(quantity as usize);
        let mut list = Self::default();
        while list.len() < quantity {
            let serial = generator.serial()?;
            if known.insert(serial) {
                list.text.extend(serial.map(char::from));
                list.ends.push(list.text.len());
            }
        }
        if list.is_empty() {
            return Err(SerialListError::Empty);
        }
        Ok(list)
    }

    /// The number of units.
    pub fn len(&self) -> u32 {
        // `push` and `generate` ensure that it fits.
        self.ends.len() as u32
    }

    /// Whether there are no units.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The serial number of the unit with this index.
    ///
    /// # Panics
    ///
    /// If the list has no such unit.
    pub fn serial(&self, index: u32) -> &str {
        let index = index as usize;
        let start = index.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.text[start..self.ends[index]]
    }

    /// The SSCC, as a number, of the package that contains the unit with this index.
    pub fn package(&self, index: u32) -> Option<u64> {
        let package = self.packages.get(index as usize).copied().flatten();
        package.map(NonZeroU64::get)
    }

    /// Adds a unit, whose serial number and package have been checked.
    pub(crate) fn push(
        &mut self,
        serial: &str,
        package: Option<u64>,
    ) -> Result<(), SerialListError> {
        if self.len() == u32::MAX {
            return Err(SerialListError::TooMany);
        }
        if package.is_some() || !self.packages.is_empty() {
            self.packages.resize(self.ends.len(), None);
            self.packages.push(package.and_then(NonZeroU64::new));
        }
        self.text.push_str(serial);
        self.ends.push(self.text.len());
        Ok(())
    }

    /// The indices of two units with the same serial number; if there are several, those of the pair
    /// whose second unit comes first.
    pub(crate) fn duplicate(&self) -> Option<(u32, u32)> {
        let mut order: Vec<u32> = (0..self.len()).collect();
        order.par_sort_unstable_by(|&a, &b| (self.serial(a), a).cmp(&(self.serial(b), b)));
        order
            .windows(2)
            .filter(|pair| self.serial(pair[0]) == self.serial(pair[1]))
            .map(|pair| (pair[0], pair[1]))
            .min_by_key(|&(_, second)| second)
    }

    fn read_plain(
        mut reader: impl BufRead,
        first_line: String,
    ) -> Result<(Self, Lines), SerialListError> {
        let mut list = Self::default();
        let mut text = first_line;
        let mut line = 1;
        while !text.is_empty() {
            let serial = text.trim_end_matches(['\r', '\n']);
            serial::check_serial(serial)
                .map_err(|reason| SerialListError::Serial { line, reason })?;
            list.push(serial, None)?;
            line += 1;
            text.clear();
            read_line(&mut reader, &mut text, line)?;
        }
        Ok((list, Lines::OnePerUnit))
    }

    fn read_csv(reader: impl Read, header: &Header) -> Result<(Self, Lines), SerialListError> {
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(header.delimiter)
            .has_headers(false)
            .flexible(true)
            .from_reader(reader);
        let mut list = Self::default();
        let mut lines = Vec::new();
        let mut record = csv::StringRecord::new();
        loop {
            // The header was line 1.
            let line_before = reader.position().line() + 1;
            let more = reader
                .read_record(&mut record)
                .map_err(|error| csv_error(error, line_before))?;
            if !more {
                break;
            }
            let line = record
                .position()
                .map_or(line_before, |position| position.line() + 1);
            let serial = record.get(header.serial).unwrap_or_default();
            serial::check_serial(serial)
                .map_err(|reason| SerialListError::Serial { line, reason })?;
            let package = match header.package.and_then(|column| record.get(column)) {
                None | Some("") => None,
                Some(text) => Some(parse_sscc(text).ok_or_else(|| SerialListError::Package {
                    line,
                    text: text.to_owned(),
                })?),
            };
            list.push(serial, package)?;
            lines.push(line);
        }
        Ok((list, Lines::Listed(lines)))
    }
}

/// The line of each unit.
enum Lines {
    /// The first unit is in line 1, and each other one in the next line.
    OnePerUnit,
    /// The line of each unit.
    Listed(Vec<u64>),
}

impl Lines {
    fn of(&self, index: u32) -> u64 {
        match self {
            Self::OnePerUnit => u64::from(index) + 1,
            Self::Listed(lines) => lines[index as usize],
        }
    }
}

/// The header of a CSV list: the delimiter and the columns' indices.
struct Header {
    delimiter: u8,
    serial: usize,
    package: Option<usize>,
}

impl Header {
    /// Reads a first line; `None` if it has no column `serial`.
    fn of(line: &str) -> Option<Self> {
        [',', ';', '\t'].into_iter().find_map(|delimiter| {
            let names: Vec<String> = line
                .split(delimiter)
                .map(|name| name.trim().trim_matches('"').to_lowercase())
                .collect();
            let column = |title: &str| names.iter().position(|name| name == title);
            Some(Self {
                delimiter: delimiter as u8,
                serial: column("serial")?,
                package: column("package").or_else(|| column("sscc")),
            })
        })
    }
}

fn parse_sscc(text: &str) -> Option<u64> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    (digits && text.len() == usize::from(gs1::SSCC_DIGITS))
        .then(|| text.parse().ok())
        .flatten()
        .filter(|&sscc| gs1::is_valid_key(sscc, gs1::SSCC_DIGITS))
}

fn skip_byte_order_mark(reader: &mut impl BufRead) -> io::Result<()> {
    const MARK: &[u8] = b"\xEF\xBB\xBF";
    if reader.fill_buf()?.starts_with(MARK) {
        reader.consume(MARK.len());
    }
    Ok(())
}

/// Reads one line of at most 64 KiB, because a file of another kind could fill the memory.
fn read_line(
    reader: &mut impl BufRead,
    text: &mut String,
    line: u64,
) -> Result<(), SerialListError> {
    reader.take(1 << 16).read_line(text).map_err(|error| {
        if error.kind() == io::ErrorKind::InvalidData {
            SerialListError::Csv {
                line,
                reason: error.to_string(),
            }
        } else {
            error.into()
        }
    })?;
    Ok(())
}

fn csv_error(error: csv::Error, line: u64) -> SerialListError {
    let reason = error.to_string();
    match error.into_kind() {
        csv::ErrorKind::Io(error) => SerialListError::Read(error),
        _ => SerialListError::Csv { line, reason },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<SerialList, SerialListError> {
        SerialList::read(text.as_bytes())
    }

    fn refusal(text: &str) -> String {
        read(text).unwrap_err().to_string()
    }

    #[test]
    fn a_plain_list_has_one_serial_number_a_line() {
        for text in [
            "A1\nB,2\n\"3\"\n",
            "A1\r\nB,2\r\n\"3\"",
            "\u{feff}A1\nB,2\n\"3\"",
        ] {
            let list = read(text).unwrap();
            assert_eq!(list.len(), 3, "{text:?}");
            assert_eq!(
                [list.serial(0), list.serial(1), list.serial(2)],
                ["A1", "B,2", "\"3\""],
                "lines are not CSV without a header"
            );
            assert_eq!(list.package(0), None);
        }
    }

    #[test]
    fn columns_are_found_by_title() {
        for text in [
            "serial,package\nA1,\nA2,106141412345678908\n",
            "\u{feff}\"Position\";\"SERIAL\";\"SSCC\"\r\n1;A1;\r\n2;A2;106141412345678908\r\n",
            "serial\tsscc\nA1\nA2\t106141412345678908",
        ] {
            let list = read(text).unwrap();
            assert_eq!((list.serial(0), list.package(0)), ("A1", None));
            assert_eq!(
                (list.serial(1), list.package(1)),
                ("A2", Some(106_141_412_345_678_908))
            );
        }
    }

    #[test]
    fn errors_name_the_line() {
        assert!(refusal("A1\n\nA2\n").starts_with("line 2: the serial number is empty"));
        assert!(refusal("A1\nA 2\n").starts_with("line 2: the serial number \"A 2\" contains ' '"));
        assert!(refusal("A1\nA2\n123456789012345678901").starts_with("line 3: the serial number"));
        assert!(refusal("serial,x\nA1,\n,y\n").starts_with("line 3: the serial number is empty"));
        assert!(
            refusal("serial,sscc\nA1,106141412345678909\n")
                .starts_with("line 2: \"106141412345678909\" is not a valid SSCC")
        );
        assert!(refusal("").contains("no serial numbers"));
        assert!(refusal("serial\n").contains("no serial numbers"));
        assert!(
            SerialList::read(&b"A1\n\xff\n"[..])
                .unwrap_err()
                .to_string()
                .starts_with("line 2: ")
        );
        assert!(
            SerialList::read(&b"serial\nA1\n\xff\n"[..])
                .unwrap_err()
                .to_string()
                .starts_with("line 3: ")
        );
    }

    #[test]
    fn errors_name_both_lines_of_a_duplicate() {
        assert!(
            refusal("B\nA\nC\nC\nA\n")
                .starts_with("line 4: the serial number \"C\" is already in line 3")
        );
        // Empty lines count.
        assert!(
            refusal("serial\nA\n\nB\nA\n")
                .starts_with("line 5: the serial number \"A\" is already in line 2")
        );
    }

    #[test]
    fn generated_serial_numbers_are_valid_and_unique() {
        let list = SerialList::generate(10_000).unwrap();
        assert_eq!(list.len(), 10_000);
        assert_eq!(list.duplicate(), None);
        for index in 0..list.len() {
            assert_eq!(serial::check_serial(list.serial(index)), Ok(()));
        }
        assert!(matches!(
            SerialList::generate(0),
            Err(SerialListError::Empty)
        ));
    }
}
