//! `pedigree evidence`

use std::{fs, path::PathBuf};

use anstyle::AnsiColor;
use anyhow::{Context as _, Result};
use clap::Subcommand;
use pedigree_verify::{evidence::Evidence as File, verdict::Verdict};
use serde::Serialize;

use crate::{
    answer::Answer,
    context::Context,
    output::{Report, fields, paint},
    words::time,
};

/// Files that `verify --evidence` writes.
#[derive(Subcommand)]
pub enum Evidence {
    /// Check that the answer in a file follows from the accounts in it
    ///
    /// The accounts' addresses and hashes, the serial number's proof and the answer are checked. Then
    /// the endpoint is asked whether the accounts have changed since. Exit code 1 if the file
    /// contradicts itself.
    Check {
        file: PathBuf,
        /// Do not ask the endpoint
        #[arg(long)]
        offline: bool,
    },
}

impl Evidence {
    pub async fn run(self, context: &Context) -> Result<Answer> {
        let Self::Check { file, offline } = self;
        let text = fs::read_to_string(&file)
            .with_context(|| format!("could not read {}", file.display()))?;
        let evidence: File = serde_json::from_str(&text)
            .with_context(|| format!("{} is not an evidence file", file.display()))?;
        let flaw = evidence.check().err().map(|flaw| flaw.to_string());
        let changed_since = match offline || flaw.is_some() {
            true => None,
            false => Some(evidence.changed_since(&context.ledger).await?),
        };
        let sound = flaw.is_none();
        context.print(&CheckReport {
            sound,
            flaw,
            slot: evidence.slot,
            asked_at: evidence.asked_at,
            verdict: evidence.verdict,
            changed_since: changed_since
                .map(|changed| changed.iter().map(ToString::to_string).collect()),
        });
        Ok(sound.into())
    }
}

#[derive(Serialize)]
struct CheckReport {
    sound: bool,
    /// What is wrong with the file.
    flaw: Option<String>,
    slot: u64,
    asked_at: i64,
    verdict: Verdict,
    /// Accounts that differ from the file's now, if an endpoint was asked.
    changed_since: Option<Vec<String>>,
}

impl Report for CheckReport {
    fn text(&self) -> String {
        if let Some(flaw) = &self.flaw {
            return format!(
                "{} {flaw}; ask for the pack to be verified again",
                paint(AnsiColor::Red, "not sound:")
            );
        }
        let answer = match self.verdict.is_verified() {
            true => "verified",
            false => "not verified",
        };
        let changed = match &self.changed_since {
            None => "not asked".to_owned(),
            Some(changed) if changed.is_empty() => "nothing".to_owned(),
            Some(changed) => changed.join(", "),
        };
        format!(
            "{} the answer follows from the accounts in the file\n{}",
            paint(AnsiColor::Green, "sound:"),
            fields([
                ("Answer", answer.to_owned()),
                ("Asked", time(self.asked_at)),
                ("At slot", self.slot.to_string()),
                ("Changed since", changed),
            ])
        )
    }
}
