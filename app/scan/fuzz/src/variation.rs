//! Ways to vary a scan that keep it near to what the parser takes, beside those of the engine, which
//! knows neither AIs nor check digits.

use pedigree_scan::{ElementList, SEPARATOR};

use crate::examples::{correct, examples};

/// Lengths of keys with a check digit: GTINs, GLN, GSIN and SSCC.
const KEY_LENGTHS: [usize; 6] = [8, 12, 13, 14, 17, 18];

/// Varies `scan` as `seed` decides; `None` if the engine is to.
pub fn vary(scan: &[u8], seed: u32) -> Option<Vec<u8>> {
    let mut choice = Choice(seed);
    match choice.among(8) {
        kind @ 0..=2 => {
            let element = &examples()[choice.among(examples().len())];
            let list = ElementList(vec![element.clone()]);
            let written = match kind {
                0 => format!("{}{SEPARATOR}", list.to_element_string()),
                1 => list.to_string(),
                _ => format!("&{}={}", element.ai(), element.data()),
            };
            let place = place_for_an_element(scan, &mut choice);
            Some([&scan[..place], written.as_bytes(), &scan[place..]].concat())
        }
        3 => with_a_right_check_digit(scan, &mut choice),
        _ => None,
    }
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
