//! The totals of many scans.

use std::{collections::BTreeMap, time::Instant};

use anstyle::AnsiColor;
use serde::Serialize;

use super::answer::ScanAnswer;
use crate::output::{Report, paint};

/// Counts answers.
#[derive(Debug)]
pub struct Tally {
    started: Instant,
    totals: Totals,
}

/// What was counted.
#[derive(Clone, Debug, Default, Serialize)]
struct Totals {
    scans: usize,
    verified: usize,
    /// Packs that were dispensed; only where they are.
    #[serde(skip_serializing_if = "Option::is_none")]
    dispensed: Option<usize>,
    /// Packs that would be dispensed if something were sent; only with `--dry-run`.
    #[serde(skip_serializing_if = "Option::is_none")]
    would_be_dispensed: Option<usize>,
    /// By the standard's code.
    not_verified: BTreeMap<&'static str, usize>,
    unreadable: usize,
    /// Scans that the ledger did not answer.
    unanswered: usize,
}

impl Totals {
    /// What every pack should be, and how many are.
    const fn goal(&self) -> (&'static str, usize) {
        match (self.dispensed, self.would_be_dispensed) {
            (Some(count), _) => ("dispensed", count),
            (None, Some(count)) => ("would be dispensed", count),
            (None, None) => ("verified", self.verified),
        }
    }
}

impl Tally {
    /// Starts the clock.
    pub fn start() -> Self {
        Self {
            started: Instant::now(),
            totals: Totals::default(),
        }
    }

    /// Starts the clock where packs are dispensed, or with `--dry-run` only would be.
    pub fn of_dispenses(is_dry_run: bool) -> Self {
        let mut tally = Self::start();
        match is_dry_run {
            true => tally.totals.would_be_dispensed = Some(0),
            false => tally.totals.dispensed = Some(0),
        }
        tally
    }

    pub fn count(&mut self, answer: &ScanAnswer) {
        let totals = &mut self.totals;
        totals.scans += 1;
        if let Some(dispensed) = &mut totals.dispensed {
            *dispensed += usize::from(answer.is_dispensed());
        }
        if let Some(would_be) = &mut totals.would_be_dispensed {
            *would_be += usize::from(answer.would_be_dispensed());
        }
        if answer.is_verified() {
            totals.verified += 1;
        } else if let Some(code) = answer.code() {
            *totals.not_verified.entry(code).or_default() += 1;
        } else if answer.is_unreadable() {
            totals.unreadable += 1;
        } else {
            totals.unanswered += 1;
        }
    }

    /// Whether every pack was verified, and dispensed where packs are.
    pub const fn is_all_well(&self) -> bool {
        self.totals.goal().1 == self.totals.scans
    }

    /// Scans that the ledger did not answer.
    pub const fn unanswered(&self) -> usize {
        self.totals.unanswered
    }

    pub fn summary(&self) -> Summary {
        let seconds = self.started.elapsed().as_secs_f64();
        Summary {
            summary: self.totals.clone(),
            seconds,
            per_second: self.totals.scans as f64 / seconds.max(f64::EPSILON),
        }
    }
}

/// The last line of a run.
#[derive(Debug, Serialize)]
pub struct Summary {
    summary: Totals,
    seconds: f64,
    per_second: f64,
}

impl Report for Summary {
    fn text(&self) -> String {
        let totals = &self.summary;
        let (goal, count) = totals.goal();
        let title = match count == totals.scans {
            true => paint(AnsiColor::Green, &format!("all {goal}:")),
            false => paint(AnsiColor::Red, &format!("not all {goal}:")),
        };
        let codes = totals.not_verified.iter();
        let counts: String = codes
            .map(|(code, count)| format!(", {count} {code}"))
            .chain((totals.unreadable > 0).then(|| format!(", {} unreadable", totals.unreadable)))
            .chain((totals.unanswered > 0).then(|| format!(", {} unanswered", totals.unanswered)))
            .collect();
        let dispensed = match goal {
            "verified" => String::new(),
            _ => format!(", {count} {goal}"),
        };
        format!(
            "{title} {} scans, {} verified{dispensed}{counts}; {:.1} s, {:.0} a second",
            totals.scans, totals.verified, self.seconds, self.per_second
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::scan::answer::Outcome;

    #[test]
    fn what_is_not_verified_is_counted_by_reason() {
        let mut tally = Tally::start();
        assert!(tally.is_all_well());
        tally.count(&ScanAnswer::new(
            1,
            b"x",
            Outcome::Unreadable("why".to_owned()),
        ));
        tally.count(&ScanAnswer::new(
            2,
            b"y",
            Outcome::Unanswered("why".to_owned()),
        ));
        assert!(!tally.is_all_well());
        assert_eq!(tally.unanswered(), 1);
        let text = tally.summary().text();
        assert!(
            text.contains("2 scans, 0 verified, 1 unreadable, 1 unanswered;"),
            "{text}"
        );
    }
}
