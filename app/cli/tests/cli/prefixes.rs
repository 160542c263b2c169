//! The company prefixes of a test's identifiers.
//!
//! On a cluster, where accounts stay and other tests have theirs, a test has GTINs, GLNs and SSCCs that nobody
//! used before. They differ in the company prefix only, from the ones that the tests are written with: each
//! prefix adds as much to a check digit as the one that it stands for.

use std::hash::{BuildHasher as _, RandomState};

/// In GTINs and GLNs, and in SSCCs.
const WRITTEN: [&str; 2] = ["9506000", "0614141"];

/// What stands for the prefixes that the tests are written with.
#[derive(Clone)]
pub struct Prefixes {
    own: [String; 2],
}

impl Prefixes {
    /// The same ones, for a ledger of the test's own.
    pub fn as_written() -> Self {
        Self {
            own: WRITTEN.map(str::to_owned),
        }
    }

    /// Random ones.
    pub fn random() -> Self {
        Self {
            own: WRITTEN.map(|prefix| {
                let number = 800_000 + RandomState::new().hash_one(prefix) % 200_000;
                let start = number.to_string();
                let missing = 10 + share(prefix) - share(&start);
                format!("{start}{}", missing % 10)
            }),
        }
    }

    /// The text with this test's prefixes.
    pub fn own(&self, text: &str) -> String {
        let pairs = WRITTEN.iter().zip(&self.own);
        pairs.fold(text.to_owned(), |text, (written, own)| {
            text.replace(written, own)
        })
    }

    /// The text with the prefixes that the tests are written with.
    pub fn written(&self, text: &str) -> String {
        let pairs = WRITTEN.iter().zip(&self.own);
        pairs.fold(text.to_owned(), |text, (written, own)| {
            text.replace(own, written)
        })
    }
}

/// What a prefix, or its first digits, adds to the sum that a check digit completes to a multiple of ten
/// (GS1 General Specifications, 7.9): in GTIN-13, GLN and SSCC its first digit has the weight 1, the next one 3.
fn share(digits: &str) -> u64 {
    let digits = digits.bytes().map(|digit| u64::from(digit - b'0'));
    let weighted = digits.zip([1, 3].into_iter().cycle());
    weighted.map(|(digit, weight)| digit * weight).sum::<u64>() % 10
}

#[test]
fn identifiers_with_other_prefixes_have_the_same_check_digits() {
    use pedigree_client::identifier::{Gln, Gtin, Sscc};
    for _ in 0..100 {
        let prefixes = Prefixes::random();
        let gln = prefixes.own("9506000000015");
        assert_ne!(gln, "9506000000015");
        assert_eq!(prefixes.written(&gln), "9506000000015");
        gln.parse::<Gln>().unwrap();
        prefixes.own("09506000134352").parse::<Gtin>().unwrap();
        prefixes.own("106141412345678908").parse::<Sscc>().unwrap();
    }
}
