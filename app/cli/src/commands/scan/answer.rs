//! The answer to one scan, on a line.

use std::path::PathBuf;

use anstyle::AnsiColor;
use pedigree_client::identifier::LotNumber;
use pedigree_scan::Scan;
use pedigree_verify::{
    pack::PackVerification,
    verdict::{AdditionalInformation, FailureReason, Label},
};
use serde::Serialize;

use super::dispensing::Dispense;
use crate::{
    advice::Advice,
    output::{Report, paint},
};

/// The outcome of a scan.
#[derive(Debug)]
pub enum Outcome {
    /// The ledger answered.
    Answered {
        pack: Box<PackVerification>,
        /// The elements, if they are not the scan's first reading.
        read_as: Option<String>,
        evidence: Option<PathBuf>,
        /// What became of the pack; `None` where packs are only verified.
        dispense: Option<Dispense>,
    },
    /// It is not a pack's symbol, or was not read completely.
    Unreadable(String),
    /// The ledger did not answer, or the evidence could not be written. The reason says whether a pack that
    /// was to be dispensed was.
    Unanswered(String),
}

/// The answer to a scan, the `scan`-th of the run.
#[derive(Debug, Serialize)]
pub struct ScanAnswer {
    pub scan: usize,
    text: String,
    repairs: Vec<String>,
    other_readings: Vec<String>,
    #[serde(flatten)]
    result: ScanResult,
    /// What became of the pack; only where packs are dispensed.
    #[serde(skip_serializing_if = "Option::is_none")]
    dispense: Option<Dispense>,
    #[serde(skip)]
    advice: Option<Advice>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "snake_case", tag = "outcome")]
enum ScanResult {
    Verified(Pack),
    NotVerified(Pack),
    Unreadable { reason: String },
    Unanswered { reason: String },
}

#[derive(Debug, Serialize)]
struct Pack {
    label: Label,
    /// The elements, if they are not the scan's first reading.
    read_as: Option<String>,
    verification_failure_reason: Option<FailureReason>,
    additional_information: Vec<AdditionalInformation>,
    /// The lot that has the serial, if the label names another one.
    other_lot: Option<LotNumber>,
    /// The unit's number, if its serial was found.
    unit: Option<u32>,
    /// What had become of it when it was verified.
    disposition: Option<String>,
    /// Whether a manifest decided about the serial number.
    is_serial_checked: bool,
    evidence: Option<PathBuf>,
    slot: u64,
}

impl ScanAnswer {
    pub fn new(scan: usize, text: &[u8], outcome: Outcome) -> Self {
        let (result, advice, dispense) = match outcome {
            Outcome::Unreadable(reason) => (ScanResult::Unreadable { reason }, None, None),
            Outcome::Unanswered(reason) => (ScanResult::Unanswered { reason }, None, None),
            Outcome::Answered {
                pack,
                read_as,
                evidence,
                dispense,
            } => {
                let is_product_known = pack.own().facts.product.is_some();
                let advice = Advice::on(
                    pack.failure(),
                    pack.additional_information(),
                    is_product_known,
                );
                let report = Pack::new(&pack, read_as, evidence);
                let result = match pack.is_verified() {
                    true => ScanResult::Verified(report),
                    false => ScanResult::NotVerified(report),
                };
                (result, Some(advice), dispense)
            }
        };
        Self {
            scan,
            text: String::from_utf8_lossy(text)
                .trim_end_matches(['\r', '\n'])
                .to_owned(),
            repairs: Vec::new(),
            other_readings: Vec::new(),
            result,
            dispense,
            advice,
        }
    }

    /// Adds how the scan was read.
    pub fn with_scan(self, scan: &Scan) -> Self {
        Self {
            repairs: scan.repairs.iter().map(ToString::to_string).collect(),
            other_readings: scan
                .other_readings
                .iter()
                .map(ToString::to_string)
                .collect(),
            ..self
        }
    }

    pub const fn is_verified(&self) -> bool {
        matches!(self.result, ScanResult::Verified(_))
    }

    pub const fn is_dispensed(&self) -> bool {
        matches!(self.dispense, Some(Dispense::Dispensed { .. }))
    }

    /// Whether it would be dispensed if something were sent.
    pub const fn would_be_dispensed(&self) -> bool {
        matches!(self.dispense, Some(Dispense::WouldBeDispensed { .. }))
    }

    pub const fn is_unreadable(&self) -> bool {
        matches!(self.result, ScanResult::Unreadable { .. })
    }

    /// Why there is no answer, if there is none.
    pub fn unanswered(&self) -> Option<&str> {
        match &self.result {
            ScanResult::Unanswered { reason } => Some(reason),
            _ => None,
        }
    }

    /// The standard's code of a pack that is not verified.
    pub fn code(&self) -> Option<&'static str> {
        self.advice.and_then(|advice| advice.code)
    }

    /// The line on a pack that was to be dispensed; `None` for one that is not verified.
    fn on_dispense(&self, pack: &Pack) -> Option<String> {
        let unit = pack.unit.unwrap_or_default();
        let (color, title, detail) = match self.dispense.as_ref()? {
            Dispense::Dispensed { .. } => (AnsiColor::Green, "DISPENSED", format!("unit {unit}")),
            Dispense::WouldBeDispensed { cost, .. } => (
                AnsiColor::Green,
                "WOULD BE DISPENSED",
                format!(
                    "unit {unit}, for a fee of {} and rent of {} lamports",
                    cost.fee_lamports, cost.rent_lamports
                ),
            ),
            Dispense::NotDispensed { reason } => (AnsiColor::Red, "NOT DISPENSED", reason.clone()?),
        };
        let (title, name) = (paint(color, title), name(&pack.label));
        Some(format!(
            "{title} {name}: {detail}{}",
            self.remarks(Some(pack))
        ))
    }

    /// Repairs and other readings.
    fn remarks(&self, pack: Option<&Pack>) -> String {
        let mut remarks: Vec<String> = self.repairs.clone();
        match pack {
            Some(Pack {
                read_as: Some(elements),
                ..
            }) => remarks.push(format!(
                "read as {elements}, because the first reading leads nowhere"
            )),
            // A proven serial number settles the reading.
            Some(Pack { unit: Some(_), .. }) => {}
            _ if !self.other_readings.is_empty() => remarks.push(format!(
                "may also be read as {}",
                self.other_readings.join(" or ")
            )),
            _ => {}
        }
        match remarks.is_empty() {
            true => String::new(),
            false => format!(" ({})", remarks.join("; ")),
        }
    }
}

/// A pack as its label names it.
pub fn name(label: &Label) -> String {
    let serial = label.serial.as_ref();
    let serial = serial.map_or_else(String::new, |serial| format!(" serial {serial}"));
    format!("{} lot {}{serial}", label.gtin, label.lot_number)
}

impl Pack {
    fn new(pack: &PackVerification, read_as: Option<String>, evidence: Option<PathBuf>) -> Self {
        let own = pack.own();
        let unit = own.unit();
        Self {
            label: pack.verification.question.label.clone(),
            read_as,
            verification_failure_reason: pack.failure(),
            additional_information: pack.additional_information().to_vec(),
            other_lot: pack.other_lot(),
            unit: unit.map(|(index, _)| index),
            disposition: unit.and_then(|(_, disposition)| Some(disposition?.to_string())),
            is_serial_checked: own.question.membership.is_some(),
            evidence,
            slot: own.slot,
        }
    }

    /// What is known of the single pack.
    fn details(&self) -> String {
        if let Some(lot) = self.other_lot {
            return format!(": the serial number belongs to lot {lot}");
        }
        match (self.unit, &self.disposition) {
            (Some(unit), Some(disposition)) => format!(": unit {unit}, {disposition}"),
            (Some(unit), None) => format!(": unit {unit}, not tracked one by one"),
            (None, _) if self.label.serial.is_none() => ": no serial number was read".to_owned(),
            (None, _) if !self.is_serial_checked => {
                ": the serial number was not checked".to_owned()
            }
            (None, _) => String::new(),
        }
    }
}

impl Report for ScanAnswer {
    fn text(&self) -> String {
        let pack = match &self.result {
            ScanResult::Verified(pack) | ScanResult::NotVerified(pack) => pack,
            ScanResult::Unreadable { reason } => {
                let title = paint(AnsiColor::Yellow, "UNREADABLE:");
                return format!("{title} {reason}{}", self.remarks(None));
            }
            ScanResult::Unanswered { reason } => {
                let title = paint(AnsiColor::Yellow, "NO ANSWER:");
                return format!("{title} {reason}");
            }
        };
        if let Some(line) = self.on_dispense(pack) {
            return line;
        }
        let (name, remarks) = (name(&pack.label), self.remarks(Some(pack)));
        let not_dispensed = match self.dispense {
            Some(_) => "; not dispensed",
            None => "",
        };
        let Some(advice) = self.advice else {
            return name;
        };
        let what_to_do = match (advice.code, advice.word) {
            (None, _) => String::new(),
            (Some(code), word) if code.eq_ignore_ascii_case(word) => {
                format!("; {}", advice.what_to_do)
            }
            (Some(code), _) => format!("; {code}: {}", advice.what_to_do),
        };
        format!(
            "{} {name}{}{what_to_do}{not_dispensed}{remarks}",
            advice.title(),
            pack.details(),
        )
    }
}
