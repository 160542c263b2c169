//! One scan through the parser.

use pedigree_scan::parse;

/// The year in which the scan is read, which decides the century of its dates.
const YEAR: u16 = 2026;

/// The elements of a scan as GS1 writes them, and the repairs that it needed; or why it cannot be
/// read.
pub fn read_scan(text: &[u8]) -> String {
    match parse(text, YEAR) {
        Ok(scan) => format!("{} {:?}", scan.elements.to_element_string(), scan.repairs),
        Err(error) => error.to_string(),
    }
}
