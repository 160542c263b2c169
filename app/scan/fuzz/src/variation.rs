//! Variations of a scan that keep it close to valid ones. The fuzzing engine's own variations know
//! neither AIs nor check digits.

use pedigree_scan::{Element, Form, SEPARATOR};

use crate::examples::{correct_check_digit, examples};

/// The lengths of keys with a check digit: GTINs, GLN, GSIN and SSCC.
const KEY_LENGTHS: [usize; 6] = [8, 12, 13, 14, 17, 18];

/// What is put between elements: usually one separator.
const SEPARATORS: [&str; 8] = [
    "\u{1d}",
    "\u{1d}",
    "\u{1d}",
    "\u{1d}",
    "\u{1d}",
    "\u{1d}\u{1d}",
    "<GS>",
    "",
];

/// Varies `scan` in a way that `seed` selects; `None` if the engine should vary it.
pub fn vary(scan: &[u8], seed: u32) -> Option<Vec<u8>> {
    let mut choice = Choice(seed.into());
    match choice.among(10) {
        0..=2 => {
            let element = written(any_example(&mut choice), any_form(&mut choice));
            Some(with(scan, &element, &mut choice))
        }
        3 => Some(composed(&mut choice).into_bytes()),
        4 => Some(with(scan, &SEPARATOR.to_string(), &mut choice)),
        5 => with_a_correct_check_digit(scan, &mut choice),
        _ => None,
    }
}

/// A scan of one to four examples.
fn composed(choice: &mut Choice) -> String {
    let elements: Vec<&Element> = (0..=choice.among(4)).map(|_| any_example(choice)).collect();
    let form = any_form(choice);
    if form == Form::ElementString {
        return format!("]d2{}", element_string(&elements, choice));
    }
    let elements: String = elements
        .iter()
        .map(|element| written(element, form))
        .collect();
    match form {
        Form::DigitalLink => format!("https://a/01/09506000134352?{elements}"),
        _ => elements,
    }
}

/// An element string, with separators that may be doubled, replaced or missing.
fn element_string(elements: &[&Element], choice: &mut Choice) -> String {
    let mut text = String::new();
    for (index, element) in elements.iter().enumerate() {
        if index > 0 {
            text += SEPARATORS[choice.among(SEPARATORS.len())];
        }
        text += element.ai();
        text += element.data();
    }
    text
}

fn any_example(choice: &mut Choice) -> &'static Element {
    &examples()[choice.among(examples().len())]
}

fn any_form(choice: &mut Choice) -> Form {
    match choice.among(4) {
        0 => Form::HumanReadable,
        1 => Form::DigitalLink,
        _ => Form::ElementString,
    }
}

/// An element as it can follow another one.
fn written(element: &Element, form: Form) -> String {
    match form {
        Form::HumanReadable => element.to_string(),
        Form::DigitalLink => format!("&{}={}", element.ai(), element.data()),
        _ => format!("{}{}{SEPARATOR}", element.ai(), element.data()),
    }
}

/// Inserts `text` into a scan.
fn with(scan: &[u8], text: &str, choice: &mut Choice) -> Vec<u8> {
    let offset = offset_for_an_element(scan, choice);
    [&scan[..offset], text.as_bytes(), &scan[offset..]].concat()
}

/// An offset at which an element ends, or any other.
fn offset_for_an_element(scan: &[u8], choice: &mut Choice) -> usize {
    let ends: Vec<usize> = (0..scan.len())
        .filter(|&offset| b"\x1d(&?/".contains(&scan[offset]))
        .chain([scan.len()])
        .collect();
    match choice.among(4) {
        0 => choice.among(scan.len() + 1),
        _ => ends[choice.among(ends.len())],
    }
}

fn with_a_correct_check_digit(scan: &[u8], choice: &mut Choice) -> Option<Vec<u8>> {
    let length = KEY_LENGTHS[choice.among(KEY_LENGTHS.len())];
    let starts: Vec<usize> = (0..(scan.len() + 1).saturating_sub(length))
        .filter(|&start| scan[start..start + length].iter().all(u8::is_ascii_digit))
        .collect();
    let start = *starts.get(choice.among(starts.len()))?;
    let mut varied = scan.to_vec();
    correct_check_digit(&mut varied[start..start + length]);
    Some(varied)
}

/// Choices derived from a seed with SplitMix64, because consecutive seeds must give unrelated ones.
struct Choice(u64);

impl Choice {
    /// A number below `count`; 0 if that is 0.
    fn among(&mut self, count: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) as usize % count.max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::check;

    #[test]
    fn choices_are_evenly_distributed() {
        let mut pairs = [0; 80];
        for seed in 0..80_000 {
            let mut choice = Choice(seed);
            pairs[choice.among(10) * 8 + choice.among(8)] += 1;
        }
        assert!(
            pairs.iter().all(|count| (800..1_200).contains(count)),
            "{pairs:?}"
        );
    }

    #[test]
    fn variations_differ_and_pass_the_check() {
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
