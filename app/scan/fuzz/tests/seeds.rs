//! The seeds, and the scans that were once read wrongly.

use pedigree_scan_fuzz::check;

#[test]
fn what_holds_for_every_scan_holds_for_the_seeds() {
    let seeds: Vec<String> =
        serde_json::from_str(include_str!("../seeds.json")).expect("an array of texts");
    assert!(seeds.len() > 100);
    for seed in seeds {
        check(seed.as_bytes());
    }
}
