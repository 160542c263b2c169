//! Packs in bulk: a list of raw scans on the standard input of `pedigree scan`.

use std::{
    collections::BTreeMap,
    io::{BufRead as _, BufReader, Seek as _, Write as _},
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use pedigree_verify::verdict::FailureReason;
use serde::Deserialize;
use wait4::Wait4 as _;

use super::pack::Pack;
use crate::{machine::Processes, partners::EXPIRY};

/// One in this many packs bears a serial number that nobody gave it.
pub const FALSIFIED_EVERY: usize = 100;
/// What is said of such a pack.
pub const NOT_THE_LOTS: FailureReason = FailureReason::NoMatchGtinSerial;

/// The result of the list.
pub struct Bulk {
    pub totals: Totals,
    /// From the first scan to the last answer, as `pedigree scan` says.
    pub seconds: f64,
    /// From the start of the process to its end.
    pub elapsed: Duration,
    pub node_cpu: Duration,
    pub client_cpu: Duration,
    /// The most that the process had in memory, in bytes.
    pub peak_memory: u64,
    /// What must not be, in words.
    pub faults: Vec<String>,
}

/// The last line of the command's output.
#[derive(Deserialize)]
struct Summary {
    summary: Totals,
    seconds: f64,
}

/// Answers, by their kind.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Totals {
    pub scans: usize,
    pub verified: usize,
    /// By the standard's code.
    pub not_verified: BTreeMap<String, usize>,
    pub unreadable: usize,
    pub unanswered: usize,
}

/// Has the command `pedigree` verify `packs` with the manifests in `folder` against the node at `url`.
pub fn scan(
    pedigree: &Path,
    url: &str,
    folder: &Path,
    mut packs: Vec<Pack>,
    processes: &mut Processes,
) -> Result<Bulk> {
    let expected = falsify(&mut packs);
    let scans: String = packs.iter().map(raw_scan).collect();
    let mut input = tempfile::tempfile()?;
    input.write_all(scans.as_bytes())?;
    input.rewind()?;

    let node_before = processes.cpu_times()?.node;
    let start = Instant::now();
    let mut process = Command::new(pedigree)
        .args(["--url", url, "--output", "json", "scan", "--manifests"])
        .arg(folder)
        .stdin(input)
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| {
            let name = pedigree.display();
            format!("cannot start {name}: run `cargo xtask load`, or name it with --pedigree")
        })?;
    let output = BufReader::new(process.stdout.take().context("stdout is piped")?);
    let mut last = String::new();
    for line in output.lines() {
        last = line?;
    }
    let ended = process.wait4()?;
    let elapsed = start.elapsed();
    // 1 as well: some packs are not verified, as they should be.
    ensure!(
        matches!(ended.status.code(), Some(0 | 1)),
        "`pedigree scan` failed: {last}"
    );
    let Summary { summary, seconds } = serde_json::from_str(&last)
        .with_context(|| format!("`pedigree scan` ended with {last:?} instead of its totals"))?;
    let faults = (summary != expected)
        .then(|| format!("`pedigree scan` counted {summary:?} instead of {expected:?}"));
    Ok(Bulk {
        totals: summary,
        seconds,
        elapsed,
        node_cpu: processes.cpu_times()?.node - node_before,
        client_cpu: ended.rusage.utime + ended.rusage.stime,
        peak_memory: ended.rusage.maxrss,
        faults: faults.into_iter().collect(),
    })
}

/// Gives one in [`FALSIFIED_EVERY`] packs, from the first, another serial number. Returns what is then
/// to be counted.
fn falsify(packs: &mut [Pack]) -> Totals {
    let mut falsified = 0;
    for pack in packs.iter_mut().step_by(FALSIFIED_EVERY) {
        // No serial number that was drawn has this character.
        pack.serial.replace_range(..1, "!");
        falsified += 1;
    }
    Totals {
        scans: packs.len(),
        verified: packs.len() - falsified,
        not_verified: [(NOT_THE_LOTS.code().to_owned(), falsified)].into(),
        ..Totals::default()
    }
}

/// What a scanner sends of a pack's GS1 DataMatrix, and the Enter that it types.
fn raw_scan(pack: &Pack) -> String {
    let Pack {
        gtin,
        lot_number,
        serial,
    } = pack;
    let expiry = EXPIRY.label() % 1_000_000;
    format!("]d201{gtin:014}17{expiry:06}10{lot_number}\u{1d}21{serial}\r\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_in_a_hundred_packs_is_falsified() {
        let pack = Pack {
            gtin: 9_506_000_134_352,
            lot_number: "V-0001".to_owned(),
            serial: "23456789ABCD".to_owned(),
        };
        assert_eq!(
            raw_scan(&pack),
            "]d201095060001343521749120010V-0001\u{1d}2123456789ABCD\r\n"
        );
        let mut packs = vec![pack; 250];
        let expected = falsify(&mut packs);
        assert_eq!((expected.scans, expected.verified), (250, 247));
        assert_eq!(expected.not_verified["No_match_GTIN_Serial"], 3);
        let falsified = packs.iter().filter(|pack| pack.serial.starts_with('!'));
        assert_eq!(falsified.count(), 3);
    }

    #[test]
    fn the_commands_totals_are_understood() {
        let last = r#"{"summary":{"scans":3,"verified":1,"not_verified":{"No_match_GTIN_Serial":1},
            "unreadable":1,"unanswered":0},"seconds":1.5,"per_second":2.0}"#;
        let Summary { summary, seconds } = serde_json::from_str(last).unwrap();
        assert_eq!((summary.scans, summary.unreadable, seconds), (3, 1, 1.5));
        assert_eq!(summary.not_verified["No_match_GTIN_Serial"], 1);
    }
}
