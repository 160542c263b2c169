//! The seeds, among them scans that were once read incorrectly.

use pedigree_scan_fuzz::check;

#[test]
fn the_seeds_pass_the_check() {
    let seeds: Vec<String> =
        serde_json::from_str(include_str!("../seeds.json")).expect("an array of strings");
    assert!(seeds.len() > 100);
    for seed in seeds {
        check(seed.as_bytes());
    }
}
