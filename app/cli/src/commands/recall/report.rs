//! How a recall stands, as a table and as JSON.

use std::collections::BTreeMap;

use anyhow::Result;
use chrono::Utc;
use pedigree_client::{
    Ledger, Located,
    custody::Lot,
    effectiveness::{
        Checks, Contradiction, DepthStanding, Effectiveness, Shown, SiteStanding, Standing,
        standing,
    },
    identifier::Gln,
    recall::Recall,
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
pub struct StandingReport {
    pub recall: RecallReport,
    effectiveness: Effectiveness,
    checks: Checks,
    pub sites: Vec<SiteReport>,
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
    escrow: Option<EscrowReport>,
}

/// In the token's smallest parts.
#[derive(Serialize)]
struct EscrowReport {
    mint: String,
    vault: String,
    unit_price: u64,
    funded: u64,
    paid: u64,
    paid_units: u32,
    withdrawn: u64,
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
        let notice = recall.notice_address.split(|&byte| byte == 0).next();
        Self {
            address: recall.address.to_string(),
            lot: lot.to_owned(),
            number: recall.number,
            class: recall.class.to_string(),
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
            notice: String::from_utf8_lossy(notice.unwrap_or_default()).into_owned(),
            notice_hash: hex::encode(recall.notice_hash),
            responses: recall.responses,
            shown_returned: recall.shown_returned,
            shown_destroyed: recall.shown_destroyed,
            escrow: recall.mint().map(|mint| EscrowReport {
                mint: mint.to_string(),
                vault: recall.vault.to_string(),
                unit_price: recall.unit_price,
                funded: recall.funded,
                paid: recall.paid,
                paid_units: recall.paid_units,
                withdrawn: recall.withdrawn,
            }),
        }
    }
}

impl SiteReport {
    fn new(gln: Gln, site: &SiteStanding, names: &SiteNames) -> Self {
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

impl StandingReport {
    pub async fn read(ledger: &Ledger, address: &Pubkey) -> Result<Self> {
        let standing = standing(ledger, address).await?;
        let opened_by = standing.recall.opened_by();
        let sites = standing.sites.keys().copied().chain([opened_by]);
        let names = SiteNames::read(ledger, sites).await?;
        Ok(Self::new(&standing, &names, Utc::now().timestamp()))
    }

    fn new(standing: &Standing, names: &SiteNames, now: i64) -> Self {
        let lot = lot_name(&standing.lot);
        Self {
            recall: RecallReport::new(&standing.recall, &lot, names),
            effectiveness: standing.effectiveness(i64::MAX),
            checks: standing.checks(),
            sites: standing
                .sites
                .iter()
                .map(|(gln, site)| SiteReport::new(*gln, site, names))
                .collect(),
            overdue: standing
                .overdue(now)
                .into_iter()
                .map(|gln| names.of(gln))
                .collect(),
            course: standing.course(),
            made_at: now,
        }
    }

    /// A row for each depth of the chain, and one for what is back from there.
    pub fn depths(&self) -> Vec<[String; 4]> {
        let Effectiveness { back, depths, .. } = &self.effectiveness;
        let of_depth = |at: &DepthStanding| {
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
            ("Class", recall.class.clone()),
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
            ("Notify by", time(recall.notify_by)),
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
        ];
        if let Some(escrow) = &recall.escrow {
            particulars.push((
                "Escrow",
                format!(
                    "{} funded, {} paid for {} units, {} taken back, in the smallest parts of {}",
                    escrow.funded, escrow.paid, escrow.paid_units, escrow.withdrawn, escrow.mint
                ),
            ));
        }
        let overdue = match self.overdue.is_empty() {
            true => "none".to_owned(),
            false => self.overdue.join(", "),
        };
        particulars.push(("Overdue", overdue));
        particulars
    }
}

impl Report for StandingReport {
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
                recall.class.clone(),
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
