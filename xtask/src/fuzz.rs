//! `cargo xtask fuzz`: searches for scans that the parser gets wrong.
//!
//! libFuzzer generates the scans, guided by the code that they reach. Those that reach new code are kept
//! in the cache, and the next run continues from them.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context, Result, bail, ensure};
use clap::Args;
use indicatif::ProgressBar;

use crate::{cargo, rustc, target_folder, workspace::Workspace};

const PACKAGE: &str = "pedigree-scan-fuzz";

/// The package's folder in the workspace.
const FOLDER: &str = "app/scan/fuzz";

/// Makes the stable compiler count executed edges and report compared values, as libFuzzer needs it.
const INSTRUMENTATION: [&str; 5] = [
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
];

/// Bytes of the longest scan that is tried, which is longer than any pack's label.
const LONGEST: usize = 160;

/// Seconds after which reading a scan counts as a finding.
const PATIENCE: u64 = 10;

/// A search for scans that the parser gets wrong.
#[derive(Args)]
pub struct Fuzz {
    /// How many seconds to search.
    #[arg(long, value_name = "N", default_value_t = 60)]
    pub seconds: u64,
}

impl Fuzz {
    pub fn run(self, workspace: &Workspace) -> Result<()> {
        let fuzzer = build(workspace)?;
        let sources = workspace.root.join(FOLDER);
        let work = workspace.cache.join("fuzz/scan");
        let (corpus, seeds) = (work.join("corpus"), work.join("seeds"));
        let finding = work.join("finding");
        fs::create_dir_all(&corpus)
            .and_then(|()| write_seeds(&sources.join("seeds.json"), &seeds))
            .and_then(|()| match finding.exists() {
                true => fs::remove_file(&finding),
                false => Ok(()),
            })
            .with_context(|| format!("could not prepare {}", work.display()))?;

        let mut command = Command::new(fuzzer);
        command
            .args([&corpus, &seeds])
            .arg(format!(
                "-dict={}",
                sources.join("dictionary.txt").display()
            ))
            .arg(format!("-exact_artifact_path={}", finding.display()))
            .arg(format!("-max_total_time={}", self.seconds))
            .arg(format!("-max_len={LONGEST}"))
            .arg(format!("-timeout={PATIENCE}"))
            .arg("-use_value_profile=1")
            .stderr(Stdio::piped());
        let mut child = command.spawn().context("could not start the fuzzer")?;
        let output = child.stderr.take().context("the fuzzer has no output")?;
        let mut progress = Progress::default();
        let spinner = ProgressBar::new_spinner();
        for line in BufReader::new(output).lines() {
            let line = line?;
            match progress.note(&line) {
                true => {
                    spinner.set_message(progress.summary());
                    spinner.tick();
                }
                false => spinner.suspend(|| eprintln!("{line}")),
            }
        }
        spinner.finish_and_clear();
        let status = child.wait()?;
        eprintln!("{}", progress.summary());
        if finding.exists() {
            bail!(
                "the parser gets the scan in {} wrong, as described above; add {} to \
                 {FOLDER}/seeds.json, and the tests of {PACKAGE} fail until the parser is fixed",
                finding.display(),
                as_seed(&fs::read(&finding)?)
            );
        }
        ensure!(status.success(), "the fuzzer failed ({status})");
        Ok(())
    }
}

fn build(workspace: &Workspace) -> Result<PathBuf> {
    ensure!(
        Command::new("c++")
            .arg("--version")
            .stdout(Stdio::null())
            .status()
            .is_ok_and(|status| status.success()),
        "libFuzzer is compiled from C++, and `c++` is missing; install g++"
    );
    let name = workspace.binary_of(PACKAGE)?;
    let mut cargo = cargo::command(workspace, "build")?;
    cargo
        .args(["--package", PACKAGE, "--features", "engine", "--bin", name])
        .args(["--profile", "fuzz", "--target", &rustc::host_triple()?])
        .arg("--target-dir")
        .arg(target_folder::claim(workspace, "fuzz")?)
        .env("CARGO_ENCODED_RUSTFLAGS", INSTRUMENTATION.join("\u{1f}"));
    cargo::build_binary(cargo, name)
}

/// Writes each seed into a file of its own in `folder`.
fn write_seeds(list: &Path, folder: &Path) -> std::io::Result<()> {
    let seeds: Vec<String> = serde_json::from_slice(&fs::read(list)?)?;
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    fs::create_dir_all(folder)?;
    for (place, seed) in seeds.iter().enumerate() {
        fs::write(folder.join(place.to_string()), seed)?;
    }
    Ok(())
}

/// A scan as the list of seeds has it.
fn as_seed(scan: &[u8]) -> String {
    match str::from_utf8(scan) {
        Ok(text) => serde_json::Value::from(text).to_string(),
        Err(_) => format!("its bytes, which are not UTF-8 ({}),", scan.escape_ascii()),
    }
}

/// The fuzzer's progress, read from its output.
#[derive(Debug, Default, PartialEq, Eq)]
struct Progress {
    executions: u64,
    /// Edges of the parser's control flow that were taken, and how many there are.
    covered: u64,
    edges: u64,
    /// Scans in the corpus, each of which reaches code that no other does.
    scans: u64,
}

impl Progress {
    /// Reads a line, and returns whether it was about progress.
    fn note(&mut self, line: &str) -> bool {
        let words: Vec<&str> = line.split_whitespace().collect();
        let after = |name: &str| {
            let place = words.iter().position(|word| *word == name)?;
            words.get(place + 1)?.split('/').next()?.parse().ok()
        };
        if let Some(counters) = line.strip_prefix("INFO: Loaded 1 modules") {
            let digits = counters.trim_start().trim_start_matches('(');
            let digits = digits.split(' ').next().unwrap_or_default();
            self.edges = digits.parse().unwrap_or_default();
            return true;
        }
        let number = words.first().and_then(|word| word.strip_prefix('#'));
        let Some(executions) = number.and_then(|number| number.parse().ok()) else {
            return false;
        };
        self.executions = executions;
        self.covered = after("cov:").unwrap_or(self.covered);
        self.scans = after("corp:").unwrap_or(self.scans);
        true
    }

    fn summary(&self) -> String {
        format!(
            "{} scans tried, {} of {} edges reached, {} scans kept",
            self.executions, self.covered, self.edges, self.scans
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fuzzers_lines_are_read() {
        let mut progress = Progress::default();
        for line in [
            "INFO: Loaded 1 modules   (4383 inline 8-bit counters): 4383 [0x55, 0x56), ",
            "#2\tINITED exec/s: 0 rss: 32Mb",
            "#58059\tNEW    cov: 1888 ft: 17147 corp: 2088/103Kb lim: 203 exec/s: 3055 rss: 34Mb \
             L: 131/203 MS: 1 ChangeBit-",
        ] {
            assert!(progress.note(line), "{line}");
        }
        assert!(!progress.note("thread panicked at app/scan"));
        assert_eq!(
            progress.summary(),
            "58059 scans tried, 1888 of 4383 edges reached, 2088 scans kept"
        );
    }

    #[test]
    fn a_finding_is_written_as_a_seed() {
        assert_eq!(as_seed(b"]d2\x1d10A"), "\"]d2\\u001d10A\"");
        assert!(as_seed(b"\xff1").contains("\\xff1"));
    }
}
