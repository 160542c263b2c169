//! Answering one scan.

use std::{fs::File, io::Write as _, path::PathBuf, sync::Arc};

use anyhow::{Context as _, Result};
use chrono::{Datelike as _, Utc};
use pedigree_client::{
    Ledger,
    evidence::Evidence,
    pack::{PackVerification, verify_pack},
};
use pedigree_manifest::Manifests;
use pedigree_scan::{Scan, parse};
use sha2::{Digest as _, Sha256};

use super::{
    answer::{Outcome, ScanAnswer, name},
    dispensary::Dispensary,
    reading,
};

/// What scans are answered with.
pub struct Counter<'a> {
    ledger: &'a Ledger,
    manifests: Arc<Manifests>,
    /// Where what the answers rest on is kept.
    evidence: Option<PathBuf>,
    /// What dispenses the packs that are verified.
    dispensary: Option<Dispensary<'a>>,
}

impl<'a> Counter<'a> {
    pub const fn new(
        ledger: &'a Ledger,
        manifests: Arc<Manifests>,
        evidence: Option<PathBuf>,
        dispensary: Option<Dispensary<'a>>,
    ) -> Self {
        Self {
            ledger,
            manifests,
            evidence,
            dispensary,
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
        let reading = match self.read(scan, now).await {
            Ok(Ok(reading)) => reading,
            Ok(Err(unreadable)) => return Outcome::Unreadable(unreadable),
            Err(error) => return Outcome::Unanswered(format!("{error:#}")),
        };
        let label = reading.pack.own().question.label.clone();
        match self.conclude(place, reading, now).await {
            Ok(outcome) => outcome,
            Err(error) => Outcome::Unanswered(format!("{}: {error:#}", name(&label))),
        }
    }

    /// Keeps what the answer rests on, and dispenses the pack.
    async fn conclude(&self, place: usize, reading: Reading, now: i64) -> Result<Outcome> {
        let Reading { pack, read_as } = reading;
        let evidence = match &self.evidence {
            Some(folder) => Some(keep(folder.join(format!("{now}-{place}.json")), &pack)?),
            None => None,
        };
        let dispense = match &self.dispensary {
            Some(dispensary) => {
                let hash = evidence.as_ref().map(|evidence| evidence.hash);
                let hash = hash.unwrap_or_default();
                Some(dispensary.dispense(&pack, hash).await?)
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

    /// Verifies the first reading of a scan that leads somewhere; if none does, the first.
    async fn read(&self, scan: &Scan, now: i64) -> Result<Result<Reading, String>> {
        let verify = |label| verify_pack(self.ledger, &self.manifests, label, now);
        let first = match reading::label(scan) {
            Ok(label) => Ok(verify(label).await?),
            Err(reason) => Err(reason.to_string()),
        };
        if !first.as_ref().is_ok_and(PackVerification::leads_somewhere) {
            for other in scan.reread() {
                let Ok(label) = reading::label(&other) else {
                    continue;
                };
                let pack = verify(label).await?;
                if pack.leads_somewhere() {
                    let read_as = Some(other.elements.to_string());
                    return Ok(Ok(Reading { pack, read_as }));
                }
            }
        }
        Ok(first.map(|pack| Reading {
            pack,
            read_as: None,
        }))
    }
}

/// A reading of a scan, and its answer.
struct Reading {
    pack: PackVerification,
    /// The elements, if it is not the scan's first reading.
    read_as: Option<String>,
}

/// A file that an answer's evidence was written to.
struct Kept {
    path: PathBuf,
    /// SHA-256 of the file.
    hash: [u8; 32],
}

fn keep(path: PathBuf, pack: &PackVerification) -> Result<Kept> {
    let evidence = serde_json::to_string_pretty(&Evidence::of(&pack.verification))?;
    File::create_new(&path)
        .and_then(|mut file| file.write_all(evidence.as_bytes()))
        .with_context(|| format!("could not write {}", path.display()))?;
    Ok(Kept {
        path,
        hash: Sha256::digest(evidence).into(),
    })
}
