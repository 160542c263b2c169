//! How a recall stands, as a table and as JSON.

use std::collections::BTreeMap;

use anyhow::Result;
use chrono::Utc;
use pedigree_client::{
    Ledger, Located,
    compensation::Added,
    custody::Lot,
    effectiveness::{
        Checks, Contradiction, DepthStatus, Effectiveness, RecallStatus, Shown, SiteStatus, status,
    },
    identifier::Gln,
    recall::{Recall, Tranche, claims_end},
    text::field_text,
};
use serde::Serialize;
use solana_pubkey::Pubkey;

use crate::{
    names::SiteNames,
    output::{Report, fields, rows},
    words::{lot_name, time},
};

/// How a recall stands.
#[derive(Serialize)]
pub struct StatusReport {
    pub recall: RecallReport,
    effectiveness: Effectiveness,
    checks: Checks,
    pub sites: Vec<SiteReport>,
    /// The units that are recalled now, by when they were added.
    added: Vec<AddedReport>,
    tranches: Vec<TrancheReport>,
    /// When what was not paid may be taken back, Unix seconds.
    claims_end: Option<i64>,
    /// Sites that have or had recalled units and did not answer in time.
    overdue: Vec<String>,
    /// Effectiveness in percent after each answer, by Unix seconds.
    pub course: Vec<(i64, f64)>,
    /// Unix seconds of this report.
    pub made_at: i64,
}

/// A recall, as it is printed.
#[derive(Serialize)]
pub struct RecallReport {
    address: String,
    pub lot: String,
    number: u8,
    pub class: String,
    /// The regulator that assigned the class; none if it is the recalling firm's proposal.
    classified_by: Option<String>,
    depth: String,
    state: String,
    reason: String,
    check_level: String,
    check_percent: u8,
    first_unit: u32,
    quantity: u32,
    opened_by: String,
    pub opened_at: i64,
    notify_by: i64,
    notice: String,
    notice_hash: String,
    responses: u32,
    shown_returned: u32,
    shown_destroyed: u32,
}

/// Units that were added at one time, and until when sites are to be notified of them.
#[derive(Serialize)]
pub struct AddedReport {
    first_unit: u32,
    quantity: u32,
    since: i64,
    notify_by: i64,
}

impl AddedReport {
    const fn new(added: &Added) -> Self {
        Self {
            first_unit: added.units.first,
            quantity: added.units.quantity,
            since: added.since,
            notify_by: added.notify_by,
        }
    }

    fn words(&self) -> String {
        let Self {
            quantity,
            first_unit,
            ..
        } = self;
        let notify_by = time(self.notify_by);
        format!("{notify_by}, of {quantity} units from unit {first_unit}")
    }
}

/// What is reserved for units; amounts in the token's smallest parts.
#[derive(Serialize)]
pub struct TrancheReport {
    number: u32,
    mint: String,
    funded_by: String,
    first_unit: u32,
    quantity: u32,
    unit_price: u64,
    paid_units: u32,
    paid: u64,
    withdrawn: Option<u64>,
}

impl TrancheReport {
    fn new(tranche: &Tranche, names: &SiteNames) -> Self {
        let is_withdrawn = tranche.withdrawn_at != 0;
        Self {
            number: tranche.number,
            mint: tranche.mint.to_string(),
            funded_by: names.of(tranche.funder()),
            first_unit: tranche.first,
            quantity: tranche.quantity,
            unit_price: tranche.unit_price,
            paid_units: tranche.paid_units,
            paid: tranche.unit_price * u64::from(tranche.paid_units),
            withdrawn: is_withdrawn.then_some(tranche.withdrawn),
        }
    }

    fn words(&self) -> String {
        let Self {
            number,
            quantity,
            first_unit,
            unit_price,
            paid_units,
            mint,
            funded_by,
            ..
        } = self;
        let withdrawn = match self.withdrawn {
            None => String::new(),
            Some(rest) => format!(", {rest} taken back"),
        };
        format!(
            "tranche {number}: {unit_price} for each of {quantity} units from unit {first_unit}, paid for {paid_units}{withdrawn}, \
             in the smallest parts of {mint}, by {funded_by}"
        )
    }
}

#[derive(Serialize)]
pub struct SiteReport {
    site: String,
    gln: Gln,
    shown: Shown,
    reported: Option<ReportedCounts>,
    contradictions: Vec<Contradiction>,
}

#[derive(Serialize)]
struct ReportedCounts {
    held: u32,
    quarantined: u32,
    dispensed: u32,
    returned: u32,
    destroyed: u32,
    counted_at: i64,
    updated_at: i64,
}

impl RecallReport {
    fn new(recall: &Located<Recall>, lot: &str, names: &SiteNames) -> Self {
        Self {
            address: recall.address.to_string(),
            lot: lot.to_owned(),
            number: recall.number,
            class: recall.class.to_string(),
            classified_by: recall.classified_by().map(|regulator| names.of(regulator)),
            depth: recall.depth.to_string(),
            state: recall.state.to_string(),
            reason: recall.reason.to_string(),
            check_level: recall.check_level.to_string(),
            check_percent: recall.check_percent,
            first_unit: recall.first,
            quantity: recall.quantity,
            opened_by: names.of(recall.opened_by()),
            opened_at: recall.opened_at,
            notify_by: recall.notify_by,
            notice: field_text(&recall.notice_address),
            notice_hash: hex::encode(recall.notice_hash),
            responses: recall.responses,
            shown_returned: recall.shown_returned,
            shown_destroyed: recall.shown_destroyed,
        }
    }
}

impl RecallReport {
    /// The class, and whether it is assigned (21 CFR 7.41(b)).
    pub fn class_words(&self) -> String {
        match &self.classified_by {
            Some(regulator) => format!("{}, assigned by {regulator}", self.class),
            None => format!("{}, as the recalling firm proposes", self.class),
        }
    }
}

impl SiteReport {
    fn new(gln: Gln, site: &SiteStatus, names: &SiteNames) -> Self {
        Self {
            site: names.of(gln),
            gln,
            shown: site.shown,
            reported: site.response.map(|response| ReportedCounts {
                held: response.held,
                quarantined: response.quarantined,
                dispensed: response.dispensed,
                returned: response.returned,
                destroyed: response.destroyed,
                counted_at: response.counted_at,
                updated_at: response.updated_at,
            }),
            contradictions: site.contradictions(),
        }
    }

    pub fn cells(&self) -> [String; 6] {
        let shown = &self.shown;
        let answered = self.reported.as_ref().map_or_else(
            || "no answer".to_owned(),
            |it| {
                format!(
                    "{} held, {} set aside, {} dispensed, {} returned, {} destroyed",
                    it.held, it.quarantined, it.dispensed, it.returned, it.destroyed
                )
            },
        );
        let contradictions: Vec<String> = self
            .contradictions
            .iter()
            .map(|it| format!("{}: answered {}, shown {}", it.what, it.reported, it.shown))
            .collect();
        [
            self.site.clone(),
            shown.present.to_string(),
            shown.dispensed.to_string(),
            shown.destroyed.to_string(),
            answered,
            contradictions.join("; "),
        ]
    }
}

pub const DEPTH_COLUMNS: [&str; 4] = ["Depth", "Distributed", "Accounted for", "%"];

pub const SITE_COLUMNS: [&str; 6] = [
    "Site",
    "Present",
    "Dispensed",
    "Destroyed",
    "Answer",
    "Contradictions",
];

impl StatusReport {
    pub async fn read(ledger: &Ledger, address: &Pubkey) -> Result<Self> {
        let status = status(ledger, address).await?;
        let tranches = &status.history.tranches;
        let recall = &status.recall;
        let sites = status
            .sites
            .keys()
            .copied()
            .chain([recall.opened_by()])
            .chain(recall.classified_by())
            .chain(tranches.iter().map(Tranche::funder));
        let names = SiteNames::read(ledger, sites).await?;
        let now = Utc::now().timestamp();
        Ok(Self::new(&status, &names, now))
    }

    fn new(status: &RecallStatus, names: &SiteNames, now: i64) -> Self {
        let lot = lot_name(&status.lot);
        Self {
            recall: RecallReport::new(&status.recall, &lot, names),
            effectiveness: status.effectiveness(i64::MAX),
            checks: status.checks(),
            sites: status
                .sites
                .iter()
                .map(|(gln, site)| SiteReport::new(*gln, site, names))
                .collect(),
            added: status
                .history
                .added(&status.recall)
                .iter()
                .map(AddedReport::new)
                .collect(),
            tranches: status
                .history
                .tranches
                .iter()
                .map(|tranche| TrancheReport::new(tranche, names))
                .collect(),
            claims_end: claims_end(&status.recall),
            overdue: status
                .overdue(now)
                .into_iter()
                .map(|gln| names.of(gln))
                .collect(),
            course: status.course(),
            made_at: now,
        }
    }

    /// A row for each depth of the chain, and one for what is back from there.
    pub fn depths(&self) -> Vec<[String; 4]> {
        let Effectiveness { back, depths, .. } = &self.effectiveness;
        let of_depth = |at: &DepthStatus| {
            let note = if at.is_reached { "" } else { ", not reached" };
            [
                format!("{}{note}", at.depth),
                at.distributed.to_string(),
                at.accounted_for.to_string(),
                at.percent.to_string(),
            ]
        };
        let back = [
            "back at the manufacturer".to_owned(),
            back.to_string(),
            back.to_string(),
            "100".to_owned(),
        ];
        [back]
            .into_iter()
            .chain(depths.iter().map(of_depth))
            .collect()
    }

    /// Whether every distributed unit is accounted for, as far as the recall reaches.
    pub const fn is_complete(&self) -> bool {
        self.effectiveness.is_complete()
    }

    pub fn particulars(&self) -> Vec<(&'static str, String)> {
        let Self {
            recall,
            effectiveness,
            checks,
            ..
        } = self;
        let mut particulars = vec![
            ("Recall", recall.address.clone()),
            ("Lot", recall.lot.clone()),
            (
                "Units",
                format!("{} from unit {}", recall.quantity, recall.first_unit),
            ),
            ("Class", recall.class_words()),
            ("Depth", recall.depth.clone()),
            ("State", recall.state.clone()),
            ("Reason", recall.reason.clone()),
            (
                "Effectiveness checks",
                format!(
                    "level {}: {} of {} sites to ask, {} answered",
                    recall.check_level, checks.to_ask, checks.concerned, checks.answered
                ),
            ),
            ("Opened by", recall.opened_by.clone()),
            ("Opened", time(recall.opened_at)),
        ];
        let added = self.added.iter().map(AddedReport::words);
        particulars.extend(added.map(|words| ("Notify by", words)));
        particulars.extend([
            ("Notice", recall.notice.clone()),
            ("Notice hash", recall.notice_hash.clone()),
            (
                "Accounted for",
                format!(
                    "{} of {} distributed ({} %)",
                    effectiveness.accounted_for, effectiveness.distributed, effectiveness.percent
                ),
            ),
            (
                "Proven by the ledger",
                format!(
                    "{} returned, {} destroyed",
                    recall.shown_returned, recall.shown_destroyed
                ),
            ),
        ]);
        let tranches = self.tranches.iter().map(TrancheReport::words);
        particulars.extend(tranches.map(|words| ("Reserved", words)));
        if let Some(end) = self.claims_end.filter(|_| !self.tranches.is_empty()) {
            particulars.push(("Claims until", time(end)));
        }
        let overdue = match self.overdue.is_empty() {
            true => "none".to_owned(),
            false => self.overdue.join(", "),
        };
        particulars.push(("Overdue", overdue));
        particulars
    }
}

impl Report for StatusReport {
    fn text(&self) -> String {
        format!(
            "{}\n{}\n{}",
            fields(self.particulars()),
            rows(DEPTH_COLUMNS, self.depths()),
            rows(SITE_COLUMNS, self.sites.iter().map(SiteReport::cells)),
        )
    }
}

/// Several recalls, one a line.
#[derive(Serialize)]
#[serde(transparent)]
pub struct RecallList(Vec<RecallReport>);

impl RecallList {
    pub fn new(
        recalls: &[Located<Recall>],
        lots: &BTreeMap<Pubkey, Lot>,
        names: &SiteNames,
    ) -> Self {
        let report = |recall: &Located<Recall>| {
            let lot = lots
                .get(&recall.lot)
                .map_or_else(|| recall.gtin().to_string(), lot_name);
            RecallReport::new(recall, &lot, names)
        };
        Self(recalls.iter().map(report).collect())
    }
}

impl Report for RecallList {
    fn text(&self) -> String {
        let recalls = self.0.iter().map(|recall| {
            [
                format!("{}#{}", recall.lot, recall.number),
                match recall.classified_by {
                    Some(_) => recall.class.clone(),
                    None => format!("{} (proposed)", recall.class),
                },
                recall.depth.clone(),
                recall.state.clone(),
                recall.reason.clone(),
                format!("{} from {}", recall.quantity, recall.first_unit),
                recall.opened_by.clone(),
                time(recall.opened_at),
            ]
        });
        rows(
            [
                "Recall",
                "Class",
                "Depth",
                "State",
                "Reason",
                "Units",
                "Opened by",
                "Opened",
            ],
            recalls,
        )
    }
}
