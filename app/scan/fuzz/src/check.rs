//! The checks.

use pedigree_scan::{ElementList, Repair, SEPARATOR, Scan, ScanError, parse};

use crate::form::check_silence;

/// The year in which the scans are read.
const YEAR: u16 = 2026;

/// Where Digital Link URIs are written under.
const RESOLVER: &str = "https://id.gs1.org";

/// As many other readings of a scan as the parser lists; of more it lists some.
const MOST_READINGS: usize = 8;

/// Asserts all that holds for every scan.
pub fn check(bytes: &[u8]) {
    match parse(bytes, YEAR) {
        Err(error) => check_error(bytes, &error),
        Ok(scan) => {
            check_answers(bytes, &scan);
            check_silence(bytes, &scan);
            for reading in std::iter::once(scan.clone()).chain(scan.reread()) {
                check_written_again(&reading.elements);
                check_digital_link(&reading.elements);
            }
            check_lost_separators(&scan.elements);
        }
    }
}

fn check_error(bytes: &[u8], error: &ScanError) {
    assert!(!error.to_string().is_empty());
    let position = match error {
        ScanError::Character { position, .. }
        | ScanError::UnknownAi { position, .. }
        | ScanError::Link { position, .. } => *position,
        ScanError::Element(broken) => broken.position,
        _ => 0,
    };
    assert!(position <= bytes.len(), "{error}");
}

/// Everything that may be asked of a scan has an answer.
fn check_answers(bytes: &[u8], scan: &Scan) {
    assert!(!scan.elements.0.is_empty());
    let _ = (scan.gtin(), scan.sscc(), scan.content_gtin(), scan.gln());
    let _ = (scan.lot_number(), scan.serial(), scan.count());
    let _ = (scan.expiry(), scan.production_date());
    for broken in scan.broken_associations() {
        assert!(!broken.to_string().is_empty());
    }
    for repair in &scan.repairs {
        assert!(!repair.to_string().is_empty());
        let position = match repair {
            Repair::Spaces { position, .. }
            | Repair::SpelledSeparator { position, .. }
            | Repair::DoubledSeparator { position }
            | Repair::NeedlessSeparator { position, .. }
            | Repair::MissingSeparator { position, .. } => *position,
            _ => 0,
        };
        assert!(position <= bytes.len(), "{repair}");
    }
    for reading in &scan.other_readings {
        assert_ne!(*reading, scan.elements);
    }
}

/// Elements come back from both forms in which symbols and people have them.
fn check_written_again(elements: &ElementList) {
    for text in [
        format!("]d2{}", elements.to_element_string()),
        elements.to_string(),
    ] {
        match parse(&text, YEAR) {
            Ok(scan) if spells_a_separator(elements) => assert_ne!(scan.repairs, [], "{text:?}"),
            Err(_) if spells_a_separator(elements) => {}
            again => {
                let again = again.unwrap_or_else(|error| panic!("{text:?}: {error}"));
                assert_eq!(again.elements, *elements, "{text:?}");
                assert_eq!(again.repairs, [], "{text:?}");
            }
        }
    }
}

/// Whether data holds what some scanners send for a separator.
fn spells_a_separator(elements: &ElementList) -> bool {
    let spells = |data: &str| data.contains("<GS>") || data.contains("<FNC1>");
    elements.0.iter().any(|element| spells(element.data()))
}

/// Elements that have a Digital Link URI come back from it: the key, its qualifiers, then the rest.
fn check_digital_link(elements: &ElementList) {
    let Ok(uri) = elements.to_digital_link(RESOLVER) else {
        return;
    };
    let scan = parse(&uri, YEAR).unwrap_or_else(|error| panic!("{uri:?}: {error}"));
    assert_eq!(scan.repairs, [], "{uri:?}");
    let sorted = |elements: &ElementList| {
        let mut elements = elements.0.clone();
        elements.sort_by_key(|element| element.ai());
        elements
    };
    assert_eq!(sorted(&scan.elements), sorted(elements), "{uri:?}");
    assert_eq!(scan.elements.to_digital_link(RESOLVER), Ok(uri));
}

/// Whoever loses a separator is told.
fn check_lost_separators(elements: &ElementList) {
    if spells_a_separator(elements) {
        return;
    }
    let text = format!("]d2{}", elements.to_element_string());
    for (place, _) in text.match_indices(SEPARATOR) {
        let mut lossy = text.clone();
        lossy.remove(place);
        let Ok(scan) = parse(&lossy, YEAR) else {
            continue;
        };
        if scan.elements == *elements {
            let is_repaired = matches!(scan.repairs[..], [Repair::MissingSeparator { .. }]);
            assert!(is_repaired, "{lossy:?}: {:?}", scan.repairs);
        } else {
            let is_told = scan.other_readings.contains(elements)
                || scan.other_readings.len() >= MOST_READINGS;
            assert!(is_told, "{lossy:?} is read as {}", scan.elements);
        }
    }
}
