//! Reading what was scanned at the dock.

use std::{
    fs,
    io::{Read as _, stdin},
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context as _, Result, ensure};
use chrono::{Datelike as _, Utc};
use clap::Args;
use pedigree_client::{Ledger, cosigning::ScannedGoods};
use pedigree_manifest::Manifests;
use pedigree_scan::{Scan, parse};
use pedigree_verify::scanned_goods::scanned_goods;

/// What was scanned, and the manifests that tell which unit a pack is.
#[derive(Args)]
pub struct Scans {
    /// File with what was scanned, one pack or package a line, as a scanner types them; - reads standard
    /// input
    #[arg(long, value_name = "FILE", conflicts_with = "consignments")]
    scan: Option<PathBuf>,
    /// Look serial numbers up in this manifest; may be repeated
    #[arg(long, value_name = "FILE", requires = "scan")]
    manifest: Vec<PathBuf>,
    /// Look serial numbers up in all manifests in this folder
    #[arg(
        long,
        value_name = "FOLDER",
        requires = "scan",
        conflicts_with = "manifest"
    )]
    manifests: Option<PathBuf>,
}

impl Scans {
    /// What was scanned, if that is compared.
    pub async fn read(&self, ledger: &Ledger) -> Result<Option<ScannedGoods>> {
        let Some(file) = &self.scan else {
            return Ok(None);
        };
        let now = Utc::now();
        let year = u16::try_from(now.year()).unwrap_or(u16::MAX);
        let scans = parse_lines(&read_lines(file)?, year)?;
        ensure!(
            !scans.is_empty(),
            "{} has no scans: scan what came",
            file.display()
        );
        let manifests = match &self.manifests {
            Some(folder) => Manifests::in_folder(folder)
                .with_context(|| format!("the manifests in {} cannot be used", folder.display()))?,
            None => Manifests::open(&self.manifest)?,
        };
        let goods = scanned_goods(ledger, &Arc::new(manifests), &scans, now.timestamp()).await?;
        Ok(Some(goods))
    }
}

fn read_lines(file: &Path) -> Result<Vec<u8>> {
    if file == Path::new("-") {
        let mut lines = Vec::new();
        stdin()
            .lock()
            .read_to_end(&mut lines)
            .context("standard input cannot be read")?;
        return Ok(lines);
    }
    fs::read(file).with_context(|| format!("{} cannot be read", file.display()))
}

/// Parses the lines that are not blank. A line that cannot be read ends it: what was scanned has to be known
/// as a whole.
fn parse_lines(lines: &[u8], year: u16) -> Result<Vec<Scan>> {
    let lines = lines.split(|byte| *byte == b'\n').zip(1..);
    lines
        .filter(|(line, _)| !line.iter().all(u8::is_ascii_whitespace))
        .map(|(line, number)| {
            let scan = parse(line.strip_suffix(b"\r").unwrap_or(line), year);
            scan.with_context(|| format!("scan {number} cannot be read: scan it again"))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_has_to_be_read() {
        let lines = b"(01)09506000134352(10)A1(21)SN-1\r\n\n00106141412345678908\n";
        let scans = parse_lines(lines, 2026).unwrap();
        assert_eq!(scans.len(), 2);
        assert_eq!(scans[0].serial(), Some("SN-1"));
        assert_eq!(scans[1].sscc(), Some(106_141_412_345_678_908));
        let error = parse_lines(b"00106141412345678908\nnothing\n", 2026).unwrap_err();
        assert!(error.to_string().contains("scan 2"), "{error}");
    }
}
