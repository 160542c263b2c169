//! The time and memory that a lot of 1,000,000 units takes: the wall time of each step and the peak
//! memory of the process until then. `cargo bench -p pedigree-manifest`; another number of units may
//! follow `--`.
//!
//! One run is enough, because the steps take seconds and vary little. On two cores shared with other
//! work, in November 2026, salting to indexing took 2.3 s (5.0 s with `--profile dev`), checking 4.1 s
//! and a look-up with its proof 0.4 ms; memory peaked at 163 MB.

use std::{
    fs,
    hint::black_box,
    ops::ControlFlow,
    time::{Duration, Instant},
};

use pedigree_manifest::{Lot, Manifest, Progress, SerialList, verify};

fn main() {
    let units = std::env::args()
        .skip(1)
        .find_map(|argument| argument.parse().ok())
        .unwrap_or(1_000_000);
    let folder = tempfile::tempdir().expect("a folder for temporary files");
    let target = folder.path().join("lot.pedigree");
    let lot = Lot {
        gtin: 9_506_000_134_352,
        lot_number: "A1".to_owned(),
        expiry: 20_290_200,
        address: [7; 32],
    };

    println!("{units} units");
    let list = step("generate the serial numbers", || {
        SerialList::generate(units).expect("random serials")
    });
    let csv = (0..units).fold(String::from("serial\n"), |csv, index| {
        csv + list.serial(index) + "\n"
    });
    let list = step("read them from CSV, check for duplicates", || {
        SerialList::read(csv.as_bytes()).expect("the list just made")
    });
    drop(csv);
    let manifest = step("salt, hash, write and index", || {
        Manifest::create(&target, lot, &list, go_on).expect("a manifest")
    });
    drop(list);
    let size = fs::metadata(&target).expect("the file just written").len();
    println!("{:40} {:>9.1} MB", "the file's size", size as f64 / 1e6);
    step("check it", || {
        manifest.check(go_on).expect("an unaltered file")
    });
    let part = units / 3..units / 3 + units / 10;
    step("extract a tenth", || {
        let extract = manifest.extract(part, folder.path().join("part"), go_on);
        black_box(extract.expect("a partial manifest"));
    });
    let rounds = 1_000;
    let started = Instant::now();
    for round in 0..rounds {
        let index = (u64::from(units) * round / rounds) as u32;
        let serial = manifest.unit(index).expect("a unit").serial;
        let unit = manifest
            .find(&serial)
            .expect("a look-up")
            .expect("the unit");
        let proof = manifest.prove(index).expect("a proof");
        assert!(verify(
            manifest.root(),
            &manifest.lot().address,
            units,
            index,
            &unit.serial,
            &unit.salt,
            &proof
        ));
    }
    let each = started.elapsed().as_micros() / u128::from(rounds);
    println!(
        "{:40} {each:>9} µs",
        "find, prove and verify one serial number"
    );
}

fn go_on(_: Progress) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

fn step<T>(what: &str, work: impl FnOnce() -> T) -> T {
    let started = Instant::now();
    let done = work();
    report(what, started.elapsed());
    done
}

fn report(what: &str, time: Duration) {
    let peak = peak_memory().map_or_else(String::new, |peak| format!(", peak {peak} MB"));
    println!("{what:40} {:>9.2} s{peak}", time.as_secs_f64());
}

/// The peak memory of the process in MB, if Linux reports it.
fn peak_memory() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kilobytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes / 1_000)
}
