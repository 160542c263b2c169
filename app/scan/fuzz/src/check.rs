//! The properties, as assertions.

use pedigree_scan::{ElementList, Repair, SEPARATOR, Scan, ScanError, parse};

use crate::form::check_conformance;

/// The year in which the scans are read.
const YEAR: u16 = 2026;

/// The resolver in the Digital Link URIs that are written.
const RESOLVER: &str = "https://id.gs1.org";

/// The greatest number of other readings that the parser lists.
const MAX_READINGS: usize = 8;

/// Asserts the properties of every scan.
///
/// # Panics
///
/// If `bytes` violate one.
pub fn check(bytes: &[u8]) {
    match parse(bytes, YEAR) {
        Err(error) => check_error(bytes, &error),
        Ok(scan) => {
            check_methods(bytes, &scan);
            check_conformance(bytes, &scan);
            for reading in std::iter::once(scan.clone()).chain(scan.reread()) {
                check_round_trip(&reading.elements);
                check_digital_link(&reading.elements);
            }
            check_missing_separators(&scan.elements);
        }
    }
}

fn check_error(bytes: &[u8], error: &ScanError) {
    assert!(!error.to_string().is_empty());
    let position = match error {
        ScanError::Character { position, .. }
        | ScanError::UnknownAi { position, .. }
        | ScanError::Link { position, .. } => *position,
        ScanError::Element(invalid) => invalid.position,
        _ => 0,
    };
    assert!(position <= bytes.len(), "{error}");
}

/// Asserts that no method of a scan panics, and that positions are in the input.
fn check_methods(bytes: &[u8], scan: &Scan) {
    assert!(!scan.elements.0.is_empty());
    let _ = (scan.gtin(), scan.sscc(), scan.content_gtin(), scan.gln());
    let _ = (scan.lot_number(), scan.serial(), scan.count());
    let _ = (scan.expiry(), scan.production_date());
    for association in scan.broken_associations() {
        assert!(!association.to_string().is_empty());
    }
    for repair in &scan.repairs {
        assert!(!repair.to_string().is_empty());
        let position = match repair {
            Repair::Spaces { position, .. }
            | Repair::SpelledSeparator { position, .. }
            | Repair::DoubledSeparator { position }
            | Repair::UnnecessarySeparator { position, .. }
            | Repair::MissingSeparator { position, .. } => *position,
            _ => 0,
        };
        assert!(position <= bytes.len(), "{repair}");
    }
    for reading in &scan.other_readings {
        assert_ne!(*reading, scan.elements);
    }
}

/// Asserts that elements are the same when read from an element string and from bracketed text.
fn check_round_trip(elements: &ElementList) {
    for text in [
        format!("]d2{}", elements.to_element_string()),
        elements.to_string(),
    ] {
        match parse(&text, YEAR) {
            Ok(scan) if contains_a_substitute(elements) => assert_ne!(scan.repairs, [], "{text:?}"),
            Err(_) if contains_a_substitute(elements) => {}
            again => {
                let again = again.unwrap_or_else(|error| panic!("{text:?}: {error}"));
                assert_eq!(again.elements, *elements, "{text:?}");
                assert_eq!(again.repairs, [], "{text:?}");
            }
        }
    }
}

/// Whether data contains what some scanners send in place of a separator.
fn contains_a_substitute(elements: &ElementList) -> bool {
    let contains = |data: &str| data.contains("<GS>") || data.contains("<FNC1>");
    elements.0.iter().any(|element| contains(element.data()))
}

/// Asserts that elements with a Digital Link URI are the same when read from it, except for their order.
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

/// Asserts that a missing separator never goes unreported.
fn check_missing_separators(elements: &ElementList) {
    if contains_a_substitute(elements) {
        return;
    }
    let text = format!("]d2{}", elements.to_element_string());
    for (offset, _) in text.match_indices(SEPARATOR) {
        let mut lossy = text.clone();
        lossy.remove(offset);
        let Ok(scan) = parse(&lossy, YEAR) else {
            continue;
        };
        if scan.elements == *elements {
            let is_repaired = matches!(scan.repairs[..], [Repair::MissingSeparator { .. }]);
            assert!(is_repaired, "{lossy:?}: {:?}", scan.repairs);
        } else {
            let is_listed =
                scan.other_readings.contains(elements) || scan.other_readings.len() >= MAX_READINGS;
            assert!(is_listed, "{lossy:?} is read as {}", scan.elements);
        }
    }
}
