//! Answering one scan.

use std::{fs::File, io::Write as _, path::PathBuf, sync::Arc};

use anyhow::{Context as _, Result};
use chrono::{Datelike as _, Utc};
use pedigree_client::Ledger;
use pedigree_manifest::Manifests;
use pedigree_scan::{Scan, parse};
use pedigree_verify::{
    Error,
    evidence::Evidence,
    pack::PackVerification,
    scan::{Reading, verify_scan},
};
use sha2::{Digest as _, Sha256};

use super::{
    answer::{Outcome, ScanAnswer, name},
    dispensing::Dispenser,
};

/// What scans are answered with.
pub struct Counter<'a> {
    ledger: &'a Ledger,
    manifests: Arc<Manifests>,
    /// The folder for the evidence of each answer.
    evidence: Option<PathBuf>,
    /// Dispenses the packs that are verified.
    dispenser: Option<Dispenser<'a>>,
}

impl<'a> Counter<'a> {
    pub const fn new(
        ledger: &'a Ledger,
        manifests: Arc<Manifests>,
        evidence: Option<PathBuf>,
        dispenser: Option<Dispenser<'a>>,
    ) -> Self {
        Self {
            ledger,
            manifests,
            evidence,
            dispenser,
        }
    }

    /// Reads, verifies and perhaps dispenses a scan, the `place`-th of the run.
    pub async fn answer(&self, place: usize, text: &[u8]) -> ScanAnswer {
        let now = Utc::now();
        let year = u16::try_from(now.year()).unwrap_or(u16::MAX);
        let scan = match parse(text, year) {
            Ok(scan) => scan,
            Err(error) => {
                return ScanAnswer::new(place, text, Outcome::Unreadable(error.to_string()));
            }
        };
        let outcome = self.outcome(place, &scan, now.timestamp()).await;
        ScanAnswer::new(place, text, outcome).with_scan(&scan)
    }

    async fn outcome(&self, place: usize, scan: &Scan, now: i64) -> Outcome {
        let reading = match verify_scan(self.ledger, &self.manifests, scan, now).await {
            Ok(reading) => reading,
            Err(Error::NotAPack(reason)) => return Outcome::Unreadable(reason.to_string()),
            Err(error) => return Outcome::Unanswered(format!("{:#}", anyhow::Error::from(error))),
        };
        let label = reading.pack.own().question.label.clone();
        match self.conclude(place, reading, now).await {
            Ok(outcome) => outcome,
            Err(error) => Outcome::Unanswered(format!("{}: {error:#}", name(&label))),
        }
    }

    /// Writes the answer's evidence, and dispenses the pack.
    async fn conclude(&self, place: usize, reading: Reading, now: i64) -> Result<Outcome> {
        let Reading { pack, read_as } = reading;
        let evidence = match &self.evidence {
            Some(folder) => Some(keep(folder.join(format!("{now}-{place}.json")), &pack)?),
            None => None,
        };
        let dispense = match &self.dispenser {
            Some(dispenser) => {
                let hash = evidence.as_ref().map(|evidence| evidence.hash);
                Some(dispenser.dispense(&pack, hash).await?)
            }
            None => None,
        };
        Ok(Outcome::Answered {
            pack: Box::new(pack),
            read_as,
            evidence: evidence.map(|evidence| evidence.path),
            dispense,
        })
    }
}

/// A file that an answer's evidence was written to.
struct Kept {
    path: PathBuf,
    /// SHA-256 of the file.
    hash: [u8; 32],
}

fn keep(path: PathBuf, pack: &PackVerification) -> Result<Kept> {
    let evidence = Evidence::of(&pack.verification).to_json();
    File::create_new(&path)
        .and_then(|mut file| file.write_all(evidence.as_bytes()))
        .with_context(|| format!("could not write {}", path.display()))?;
    Ok(Kept {
        path,
        hash: Sha256::digest(evidence).into(),
    })
}
