//! `pedigree trace`

use std::collections::{BTreeMap, btree_map::Entry};

use anstyle::AnsiColor;
use anyhow::Result;
use clap::Args;
use pedigree_client::{
    Ledger, registry,
    trace::{Entry as TraceEntry, Event, Finding, trace},
};
use serde::Serialize;
use solana_pubkey::Pubkey;

use crate::{
    Answer,
    arguments::{ConsignmentRef, hex, partner_name, time},
    context::Context,
    output::{Report, fields, paint, rows},
};

/// Shows every change of custody, computes the trail again from the ledger's transactions and
/// compares it with the account. Exit code 1 if they differ.
#[derive(Args)]
pub struct Trace {
    /// Address of the consignment, or GTIN/LOT for a lot's first one
    consignment: ConsignmentRef,
}

impl Trace {
    pub async fn run(self, context: &Context) -> Result<Answer> {
        let (address, consignment) = self.consignment.get(&context.ledger).await?;
        let trace = trace(&context.ledger, &address).await?;
        let names = names(&context.ledger, &trace.entries).await?;
        let report = TraceReport {
            consignment: address.to_string(),
            finding: trace.finding,
            trail: hex(&consignment.trail),
            entries: trace
                .entries
                .iter()
                .map(|entry| EntryReport::new(entry, &names))
                .collect(),
        };
        context.print(&report);
        Ok(if trace.finding == Finding::Proven {
            Answer::Yes
        } else {
            Answer::No
        })
    }
}

/// The sites of an event: who gave and who took.
fn sites(event: &Event) -> (Option<Pubkey>, Option<Pubkey>) {
    match event {
        Event::Minted { manufacturer, .. } => (None, Some(*manufacturer)),
        Event::Offered { from, to, .. }
        | Event::Accepted { from, to, .. }
        | Event::HandedOver { from, to, .. } => (Some(*from), Some(*to)),
        Event::Rejected { to, .. } => (None, Some(*to)),
        Event::Cancelled { from } => (Some(*from), None),
        Event::Expired => (None, None),
    }
}

/// What each site of the history is called today.
async fn names(ledger: &Ledger, entries: &[TraceEntry]) -> Result<BTreeMap<Pubkey, String>> {
    let mut names = BTreeMap::new();
    for entry in entries {
        let (from, to) = sites(&entry.event);
        for site in from.into_iter().chain(to) {
            if let Entry::Vacant(name) = names.entry(site) {
                let partner: registry::Partner = ledger.get(&site).await?;
                name.insert(partner_name(&partner));
            }
        }
    }
    Ok(names)
}

#[derive(Serialize)]
struct TraceReport {
    consignment: String,
    finding: Finding,
    trail: String,
    entries: Vec<EntryReport>,
}

#[derive(Serialize)]
struct EntryReport {
    time: Option<i64>,
    slot: u64,
    event: &'static str,
    detail: Option<String>,
    from: Option<String>,
    to: Option<String>,
    document: Option<String>,
    trail: String,
    compute_units: Option<u64>,
    signature: String,
}

impl EntryReport {
    fn new(entry: &TraceEntry, names: &BTreeMap<Pubkey, String>) -> Self {
        let (event, detail, document) = match &entry.event {
            Event::Minted {
                quantity,
                manifest_hash,
                ..
            } => (
                "minted",
                Some(format!("{quantity} units")),
                Some(manifest_hash),
            ),
            Event::Offered { terms, .. } => (
                "offered",
                Some(terms.kind.to_string()),
                Some(&terms.document),
            ),
            Event::Accepted { .. } => ("accepted", None, None),
            Event::Rejected { exception, .. } => ("rejected", Some(exception.to_string()), None),
            Event::Cancelled { .. } => ("cancelled", None, None),
            Event::Expired => ("expired", None, None),
            Event::HandedOver { terms, .. } => (
                "handed over",
                Some(terms.kind.to_string()),
                Some(&terms.document),
            ),
        };
        let (from, to) = sites(&entry.event);
        let name = |site: Option<Pubkey>| site.and_then(|site| names.get(&site).cloned());
        Self {
            time: entry.time,
            slot: entry.slot,
            event,
            detail,
            from: name(from),
            to: name(to),
            document: document.map(|document| hex(document)),
            trail: hex(&entry.trail),
            compute_units: entry.compute_units,
            signature: entry.signature.to_string(),
        }
    }
}

impl Report for TraceReport {
    fn text(&self) -> String {
        let entries = self.entries.iter().map(|entry| {
            let detail = entry
                .detail
                .as_ref()
                .map_or_else(String::new, |detail| format!(" ({detail})"));
            [
                entry
                    .time
                    .map_or_else(|| format!("slot {}", entry.slot), time),
                format!("{}{detail}", entry.event),
                entry.from.clone().unwrap_or_default(),
                entry.to.clone().unwrap_or_default(),
                format!("{}…", &entry.trail[..16]),
                format!("{}…", &entry.signature[..16]),
            ]
        });
        let finding = match self.finding {
            Finding::Proven => {
                format!(
                    "{} the transactions lead to the account's trail",
                    paint(AnsiColor::Green, "proven:")
                )
            }
            Finding::Broken => format!(
                "{} the transactions do not lead to the account's trail; ask another endpoint, and \
                 if it says the same, report it to the regulator",
                paint(AnsiColor::Red, "broken:")
            ),
        };
        format!(
            "{}\n{}\n{finding}",
            fields([
                ("Consignment", self.consignment.clone()),
                ("Trail", self.trail.clone())
            ]),
            rows(
                ["Time", "Event", "From", "To", "Trail", "Transaction"],
                entries
            ),
        )
    }
}
