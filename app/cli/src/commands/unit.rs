//! `pedigree unit`

use anstyle::AnsiColor;
use anyhow::Result;
use clap::Args;
use pedigree_client::{
    Ledger,
    disposition::unit,
    reference::LotRef,
    trace::{Entry, PageTrace, TrailCheck, trace_page},
    units::page_of,
};
use serde::Serialize;
use solana_pubkey::Pubkey;

use crate::{
    answer::Answer,
    context::Context,
    events::{describe, document_hash},
    names::SiteNames,
    output::{Report, fields, paint, rows},
    words::{self, partner_name, time},
};

/// Show what became of one pack.
///
/// Where it is, or who dispensed it and when. Exit code 1 if it is not active.
#[derive(Args)]
pub struct ShowUnit {
    #[arg(value_name = "GTIN/LOT")]
    lot: LotRef,
    /// Its number in the lot, counted from 0
    unit: u32,
    /// Show everything that was recorded of it alone, recomputed from the ledger's transactions and compared
    /// with the account of its page; exit code 1 also if they differ
    #[arg(long)]
    history: bool,
}

impl ShowUnit {
    pub async fn run(self, context: &Context) -> Result<Answer> {
        let ledger = &context.ledger;
        let lot = self.lot.resolve(ledger).await?.address;
        let unit = unit(ledger, &lot, self.unit).await?;
        let custodian = unit.consignment.as_ref();
        let custodian = custodian.map(|one| one.custodian());
        let names = SiteNames::read(ledger, custodian).await?;
        let is_active = unit.is_active();
        let history = match self.history {
            true => Some(HistoryReport::read(ledger, &lot, self.unit).await?),
            false => None,
        };
        let is_broken = history.as_ref().is_some_and(HistoryReport::is_broken);
        context.print(&UnitReport {
            lot: self.lot.to_string(),
            unit: self.unit,
            active: is_active,
            fate: words::fate(unit.fate()),
            consignment: unit.consignment.map(|one| one.address.to_string()),
            custodian: custodian.map(|gln| names.of(gln)),
            history,
        });
        Ok((is_active && !is_broken).into())
    }
}

#[derive(Serialize)]
struct UnitReport {
    lot: String,
    unit: u32,
    active: bool,
    fate: String,
    consignment: Option<String>,
    custodian: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    history: Option<HistoryReport>,
}

/// What was recorded of the unit alone.
#[derive(Serialize)]
struct HistoryReport {
    /// About all units of its page.
    finding: TrailCheck,
    entries: Vec<EntryReport>,
}

#[derive(Serialize)]
struct EntryReport {
    time: Option<i64>,
    slot: u64,
    event: &'static str,
    site: Option<String>,
    /// The second site that signed.
    witness: Option<String>,
    /// Hash of the document or the evidence.
    document: Option<String>,
    signature: String,
}

impl HistoryReport {
    async fn read(ledger: &Ledger, lot: &Pubkey, unit: u32) -> Result<Self> {
        let trace = trace_page(ledger, lot, page_of(unit)).await?;
        let entries = trace.about(unit);
        Ok(Self {
            finding: trace.check,
            entries: entries.map(|it| EntryReport::new(it, &trace)).collect(),
        })
    }

    fn is_broken(&self) -> bool {
        self.finding == TrailCheck::Broken
    }

    fn text(&self) -> String {
        let entries = self.entries.iter().map(|entry| {
            [
                entry
                    .time
                    .map_or_else(|| format!("slot {}", entry.slot), time),
                entry.event.to_owned(),
                entry.site.clone().unwrap_or_default(),
                entry.witness.clone().unwrap_or_default(),
                format!("{}…", &entry.signature[..16]),
            ]
        });
        let finding = match self.is_broken() {
            false => format!(
                "{} the transactions lead to the account of its page",
                paint(AnsiColor::Green, "proven:")
            ),
            true => format!(
                "{} the transactions do not lead to the account of its page; ask another endpoint, and \
                 if it answers the same, report it to the regulator",
                paint(AnsiColor::Red, "broken:")
            ),
        };
        let header = ["Time", "Event", "By", "Also signed by", "Transaction"];
        format!("\n{}\n{finding}", rows(header, entries))
    }
}

impl EntryReport {
    fn new(entry: &Entry, trace: &PageTrace) -> Self {
        let name =
            |site: Option<Pubkey>| site.and_then(|at| trace.sites.get(&at).map(partner_name));
        let (event, _) = describe(&entry.event);
        Self {
            time: entry.time,
            slot: entry.slot,
            event,
            site: name(entry.event.sites().0),
            witness: name(entry.event.witness()),
            document: document_hash(&entry.event).map(hex::encode),
            signature: entry.signature.to_string(),
        }
    }
}

impl Report for UnitReport {
    fn text(&self) -> String {
        let none = || "none".to_owned();
        let unit = fields([
            ("Lot", self.lot.clone()),
            ("Unit", self.unit.to_string()),
            ("Fate", self.fate.clone()),
            ("Consignment", self.consignment.clone().unwrap_or_else(none)),
            ("Custodian", self.custodian.clone().unwrap_or_else(none)),
        ]);
        let history = self.history.as_ref();
        format!(
            "{unit}{}",
            history.map_or_else(String::new, HistoryReport::text)
        )
    }
}
