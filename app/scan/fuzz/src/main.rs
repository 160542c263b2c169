//! The fuzzer: libFuzzer generates scans, and keeps varying those that reach code that no other did.
#![no_main]

use libfuzzer_sys::{fuzz_mutator, fuzz_target, fuzzer_mutate};
use pedigree_scan_fuzz::{check, vary};

fuzz_target!(|bytes: &[u8]| check(bytes));

fuzz_mutator!(
    |bytes: &mut [u8], size: usize, max_size: usize, seed: u32| {
        match vary(&bytes[..size], seed) {
            Some(scan) if scan.len() <= max_size => {
                bytes[..scan.len()].copy_from_slice(&scan);
                scan.len()
            }
            _ => fuzzer_mutate(bytes, size, max_size),
        }
    }
);
