//! Ways to vary a scan that keep it near to what the parser takes, beside those of the engine, which
//! knows neither AIs nor check digits.

use pedigree_scan::{Element, SEPARATOR};

use crate::examples::{correct, examples};

/// Lengths of keys with a check digit: GTINs, GLN, GSIN and SSCC.
const KEY_LENGTHS: [usize; 6] = [8, 12, 13, 14, 17, 18];

/// Varies `scan` as `seed` decides; `None` if the engine is to.
pub fn vary(scan: &[u8], seed: u32) -> Option<Vec<u8>> {
    let mut choice = Choice(seed);
    match choice.among(10) {
        form @ 0..=2 => {
            let element = written(&[any_example(&mut choice)], form);
            Some(with(scan, &element, &mut choice))
        }
        3 => Some(composed(&mut choice)),
        4 => Some(with(scan, &SEPARATOR.to_string(), &mut choice)),
        5 => with_a_right_check_digit(scan, &mut choice),
        _ => None,
    }
}

/// A scan made of examples.
fn composed(choice: &mut Choice) -> Vec<u8> {
    let elements: Vec<&Element> = (0..=choice.among(4)).map(|_| any_example(choice)).collect();
    let (start, form) = match choice.among(4) {
        0 => ("", 1),
        1 => ("https://a/01/09506000134352?", 2),
        _ => ("]d2", 0),
    };
    format!("{start}{}", written(&elements, form)).into_bytes()
}

fn any_example(choice: &mut Choice) -> &'static Element {
    &examples()[choice.among(examples().len())]
}

/// Elements as symbols hold them, with separators after each, as people read them, or as attributes
/// of a web address.
fn written(elements: &[&Element], form: usize) -> String {
    let write = |element: &&Element| match form {
        0 => format!("{}{}{SEPARATOR}", element.ai(), element.data()),
        1 => element.to_string(),
        _ => format!("&{}={}", element.ai(), element.data()),
    };
    elements.iter().map(write).collect()
}

/// Puts `text` into a scan.
fn with(scan: &[u8], text: &str, choice: &mut Choice) -> Vec<u8> {
    let place = place_for_an_element(scan, choice);
    [&scan[..place], text.as_bytes(), &scan[place..]].concat()
}

/// Any place, or one where an element ends.
fn place_for_an_element(scan: &[u8], choice: &mut Choice) -> usize {
    let ends: Vec<usize> = (0..scan.len())
        .filter(|&place| b"\x1d(&?/".contains(&scan[place]))
        .chain([scan.len()])
        .collect();
    match choice.among(4) {
        0 => choice.among(scan.len() + 1),
        _ => ends[choice.among(ends.len())],
    }
}

fn with_a_right_check_digit(scan: &[u8], choice: &mut Choice) -> Option<Vec<u8>> {
    let length = KEY_LENGTHS[choice.among(KEY_LENGTHS.len())];
    let places: Vec<usize> = (0..(scan.len() + 1).saturating_sub(length))
        .filter(|&place| scan[place..place + length].iter().all(u8::is_ascii_digit))
        .collect();
    let place = *places.get(choice.among(places.len()))?;
    let mut varied = scan.to_vec();
    correct(&mut varied[place..place + length]);
    Some(varied)
}

/// Choices that follow from a seed.
struct Choice(u32);

impl Choice {
    /// A number below `count`, or 0 if that is 0.
    fn among(&mut self, count: usize) -> usize {
        // The generator of Numerical Recipes; its high bits are the better ones.
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (self.0 >> 8) as usize % count.max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check;

    #[test]
    fn varied_scans_differ_and_what_holds_for_scans_holds_for_them() {
        let scan = b"]d2010950600013435910A1\x1d21S1";
        let varied: Vec<Vec<u8>> = (0..1_000).filter_map(|seed| vary(scan, seed)).collect();
        assert!(varied.len() > 300);
        assert!(
            varied
                .iter()
                .any(|scan| scan.starts_with(b"]d20109506000134352"))
        );
        for scan in varied {
            check(&scan);
        }
        assert!(vary(b"", 3).is_none_or(|scan| !scan.is_empty()));
    }
}
