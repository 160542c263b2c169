//! `pedigree trace`

use std::collections::BTreeMap;

use anstyle::AnsiColor;
use anyhow::Result;
use clap::Args;
use pedigree_client::{
    reference::ConsignmentRef,
    trace::{Entry, TrailCheck, trace},
};
use serde::Serialize;
use solana_pubkey::Pubkey;

use crate::{
    answer::Answer,
    context::Context,
    events::{describe, document_hash},
    output::{Report, fields, paint, rows},
    words::{partner_name, time},
};

/// Show a consignment's history and check it.
///
/// Everything that happened to it, to those it was split from and to those that were merged into it is
/// recomputed from the ledger's transactions and compared with the account, trail and all. Exit code 1
/// if they differ.
#[derive(Args)]
pub struct Trace {
    /// The consignment: its address, GTIN/LOT[#UNIT], or its SSCC
    consignment: ConsignmentRef,
}

impl Trace {
    pub async fn run(self, context: &Context) -> Result<Answer> {
        let address = self.consignment.address(&context.ledger).await?;
        let trace = trace(&context.ledger, &address).await?;
        let names = trace
            .sites
            .iter()
            .map(|(address, site)| (*address, partner_name(site)))
            .collect();
        let report = TraceReport {
            consignment: address.to_string(),
            finding: trace.check,
            trail: hex::encode(trace.consignment.trail),
            entries: trace
                .entries
                .iter()
                .map(|entry| EntryReport::new(entry, &names))
                .collect(),
        };
        context.print(&report);
        Ok(if trace.check == TrailCheck::Proven {
            Answer::Yes
        } else {
            Answer::No
        })
    }
}

#[derive(Serialize)]
struct TraceReport {
    consignment: String,
    finding: TrailCheck,
    trail: String,
    entries: Vec<EntryReport>,
}

#[derive(Serialize)]
struct EntryReport {
    time: Option<i64>,
    slot: u64,
    /// The consignment that it happened to.
    consignment: String,
    event: &'static str,
    detail: Option<String>,
    from: Option<String>,
    to: Option<String>,
    /// The second site that signed that units left; also in `to`.
    witness: Option<String>,
    /// The regulator that had the goods brought.
    regulator: Option<String>,
    document: Option<String>,
    trail: String,
    compute_units: Option<u64>,
    signature: String,
}

impl EntryReport {
    fn new(entry: &Entry, names: &BTreeMap<Pubkey, String>) -> Self {
        let (event, detail) = describe(&entry.event);
        let (from, to) = entry.event.sites();
        let name = |site: Option<Pubkey>| site.and_then(|site| names.get(&site).cloned());
        Self {
            time: entry.time,
            slot: entry.slot,
            consignment: entry.consignment.to_string(),
            event,
            detail,
            from: name(from),
            to: name(to),
            witness: name(entry.event.witness()),
            regulator: name(entry.event.regulator()),
            document: document_hash(&entry.event).map(hex::encode),
            trail: hex::encode(entry.trail),
            compute_units: entry.compute_units,
            signature: entry.signature.to_string(),
        }
    }
}

impl Report for TraceReport {
    fn text(&self) -> String {
        let entries = self.entries.iter().map(|entry| {
            let by = entry.regulator.as_ref().map(|name| format!("by {name}"));
            let witness = entry.witness.as_ref();
            let also = witness.map(|name| format!("also signed by {name}"));
            let details = [entry.detail.clone(), by, also];
            let details: Vec<String> = details.into_iter().flatten().collect();
            let detail = match details.is_empty() {
                true => String::new(),
                false => format!(" ({})", details.join(", ")),
            };
            // A witness takes nothing.
            let to = entry.to.clone().filter(|_| entry.witness.is_none());
            let of_another = if entry.consignment == self.consignment {
                String::new()
            } else {
                format!("{}…", &entry.consignment[..8])
            };
            [
                entry
                    .time
                    .map_or_else(|| format!("slot {}", entry.slot), time),
                of_another,
                format!("{}{detail}", entry.event),
                entry.from.clone().unwrap_or_default(),
                to.unwrap_or_default(),
                format!("{}…", &entry.trail[..16]),
                format!("{}…", &entry.signature[..16]),
            ]
        });
        let finding = match self.finding {
            TrailCheck::Proven => {
                format!(
                    "{} the transactions lead to the account, trail and all",
                    paint(AnsiColor::Green, "proven:")
                )
            }
            TrailCheck::Broken => format!(
                "{} the transactions do not lead to the account; ask another endpoint, and \
                 if it answers the same, report it to the regulator",
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
                [
                    "Time",
                    "Of another",
                    "Event",
                    "From",
                    "To",
                    "Trail",
                    "Transaction"
                ],
                entries
            ),
        )
    }
}
