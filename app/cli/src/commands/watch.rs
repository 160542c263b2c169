//! `pedigree watch`

use std::collections::BTreeMap;

use anstyle::AnsiColor;
use anyhow::Result;
use chrono::Utc;
use clap::Args;
use pedigree_client::{
    Located,
    custody::{Case, Consignment, ExceptionCode, Lot, Transfer},
    identifier::Gln,
    recall::Recall,
    watch::{AccountChange, Affected, WatchEvent, watch},
};
use serde::Serialize;
use solana_cli_config::Config;
use solana_pubkey::Pubkey;
use tokio::sync::mpsc::unbounded_channel;

use crate::{
    answer::Answer,
    context::Context,
    interruption::interrupted,
    names::SiteNames,
    output::{Report, paint},
    words::{consignment_name, lot_name, time},
};

/// Print a site's changes as they happen.
///
/// Its consignments, offers from it and to it, and cases and recalls about its goods, until Ctrl-C. With
/// `--output json` each is one line.
#[derive(Args)]
pub struct Watch {
    /// GLN of the site [default: the acting keypair's]
    #[arg(long)]
    site: Option<Gln>,
    /// Websocket of the endpoint [default: the port after the JSON-RPC endpoint's]
    #[arg(long, value_name = "URL")]
    websocket: Option<String>,
}

impl Watch {
    pub async fn run(self, context: &Context) -> Result<Answer> {
        self.report(context, false).await
    }

    /// Reports recalls alone.
    pub async fn of_recalls(self, context: &Context) -> Result<Answer> {
        self.report(context, true).await
    }

    async fn report(self, context: &Context, only_recalls: bool) -> Result<Answer> {
        let ledger = &context.ledger;
        let site = context.own_gln(self.site).await?;
        let url = self
            .websocket
            .unwrap_or_else(|| Config::compute_websocket_url(&ledger.rpc().url()));
        let (events, mut seen) = unbounded_channel();
        // The receiver lives as long as the sender.
        let watching = watch(ledger, &url, site, |event| {
            let _ = events.send(event);
        });
        let mut printer = Printer {
            context,
            site,
            lots: BTreeMap::new(),
        };
        let printing = async {
            while let Some(event) = seen.recv().await {
                if only_recalls && event.is_about_goods() {
                    continue;
                }
                printer.print(event).await?;
            }
            Ok(())
        };
        tokio::select! {
            Err(error) = watching => Err(error.into()),
            printed = printing => printed.map(|()| Answer::Yes),
            stopped = interrupted() => stopped.map(|()| Answer::Yes),
        }
    }
}

/// Prints events, with names for what they are about.
struct Printer<'a> {
    context: &'a Context,
    site: Gln,
    lots: BTreeMap<Pubkey, Lot>,
}

impl Printer<'_> {
    async fn print(&mut self, event: WatchEvent) -> Result<()> {
        let line = match event {
            WatchEvent::Connected => Line::new("watching", self.site.to_string()),
            WatchEvent::Disconnected(reason) => Line {
                change: Some(reason),
                ..Line::new("disconnected", self.site.to_string())
            },
            WatchEvent::Consignment(change) => {
                let lot = self.lot(change.now.lot).await?;
                let about = consignment_name(&lot, change.now.first_unit);
                self.line("consignment", about, &change).await?
            }
            WatchEvent::Transfer(change) => {
                let lot = self.lot(change.now.lot).await?;
                let about = consignment_name(&lot, change.now.first_unit);
                self.line("offer", about, &change).await?
            }
            WatchEvent::Case(change) => {
                let lot = self.lot(change.now.lot).await?;
                let about = lot_name(&lot);
                self.line("case", about, &change).await?
            }
            WatchEvent::Recall(change, affected) => {
                let lot = self.lot(change.now.lot).await?;
                let about = format!("{}#{}", lot_name(&lot), change.now.number);
                let dispensed = affected
                    .dispensed(&self.context.ledger, &change.now)
                    .await?;
                Line {
                    affected: Some(AffectedReport::new(&affected, &lot, dispensed)),
                    ..self.line("recall", about, &change).await?
                }
            }
        };
        self.context.print_line(&line);
        Ok(())
    }

    async fn line<T: Described>(
        &self,
        what: &'static str,
        about: String,
        change: &AccountChange<T>,
    ) -> Result<Line> {
        let names = SiteNames::read(&self.context.ledger, change.now.sites()).await?;
        let now = change.now.fields(&names);
        let before = change.before.as_ref().map(|before| before.fields(&names));
        Ok(Line {
            slot: change.slot,
            address: Some(change.now.address.to_string()),
            change: Some(difference(before.as_deref(), &now)),
            before: before.map(|before| before.into_iter().collect()),
            now: Some(now.into_iter().collect()),
            ..Line::new(what, about)
        })
    }

    async fn lot(&mut self, address: Pubkey) -> Result<Lot> {
        if let Some(lot) = self.lots.get(&address) {
            return Ok(*lot);
        }
        let lot: Located<Lot> = self.context.ledger.get(&address).await?;
        self.lots.insert(address, lot.account);
        Ok(lot.account)
    }
}

/// The fields of an account that are printed, by name.
type Fields = Vec<(&'static str, String)>;

/// An account whose changes are printed.
trait Described {
    fn fields(&self, names: &SiteNames) -> Fields;

    /// The sites that the fields name.
    fn sites(&self) -> Vec<Gln>;
}

impl Described for Consignment {
    fn fields(&self, names: &SiteNames) -> Fields {
        let restrictions: Vec<String> = self
            .restrictions()
            .iter_names()
            .map(|(name, _)| name.to_lowercase())
            .collect();
        vec![
            ("status", self.status.to_string()),
            ("units", self.quantity.to_string()),
            ("restrictions", restrictions.join(", ")),
            ("open cases", self.open_cases.to_string()),
            (
                "package",
                self.sscc()
                    .map_or_else(String::new, |sscc| sscc.to_string()),
            ),
            ("custodian", names.of(self.custodian())),
            ("owner", names.of(self.owner())),
        ]
    }

    fn sites(&self) -> Vec<Gln> {
        vec![self.custodian(), self.owner()]
    }
}

impl Described for Transfer {
    fn fields(&self, names: &SiteNames) -> Fields {
        vec![
            ("state", self.state.to_string()),
            ("kind", self.kind.to_string()),
            ("units", self.quantity.to_string()),
            ("from", names.of(self.from())),
            ("to", names.of(self.to())),
            ("accept by", time(self.deadline)),
            ("exception", exception(self.exception)),
        ]
    }

    fn sites(&self) -> Vec<Gln> {
        vec![self.from(), self.to()]
    }
}

impl Described for Case {
    fn fields(&self, names: &SiteNames) -> Fields {
        vec![
            ("state", self.state.to_string()),
            ("exception", exception(self.exception)),
            ("units", self.units.to_string()),
            ("opened by", names.of(self.opened_by())),
            ("answer by", time(self.answer_by)),
        ]
    }

    fn sites(&self) -> Vec<Gln> {
        vec![self.opened_by()]
    }
}

impl Described for Recall {
    fn fields(&self, names: &SiteNames) -> Fields {
        vec![
            ("class", self.class.to_string()),
            ("state", self.state.to_string()),
            ("reason", self.reason.to_string()),
            ("depth", self.depth.to_string()),
            ("first unit", self.first.to_string()),
            ("units", self.quantity.to_string()),
            ("opened by", names.of(self.opened_by())),
            ("notify by", time(self.notify_by)),
            ("answers", self.responses.to_string()),
        ]
    }

    fn sites(&self) -> Vec<Gln> {
        vec![self.opened_by()]
    }
}

/// The site's goods that a recall affects.
#[derive(Serialize)]
struct AffectedReport {
    /// As they may be typed, each with how many of its units are recalled.
    consignments: Vec<(String, u32)>,
    /// Units on offer from the site or to it, by consignment.
    offers: Vec<(String, u32)>,
    /// Of those units, the ones that went to patients.
    dispensed: usize,
}

impl AffectedReport {
    fn new(affected: &Affected, lot: &Lot, dispensed: usize) -> Self {
        Self {
            consignments: affected
                .consignments
                .iter()
                .map(|it| (consignment_name(lot, it.consignment.first_unit), it.units))
                .collect(),
            offers: affected
                .offers
                .iter()
                .map(|offer| (consignment_name(lot, offer.first_unit), offer.quantity))
                .collect(),
            dispensed,
        }
    }

    fn text(&self) -> String {
        let list = |items: &[(String, u32)]| match items.is_empty() {
            true => "none".to_owned(),
            false => items
                .iter()
                .map(|(name, units)| format!("{units} units of {name}"))
                .collect::<Vec<_>>()
                .join(", "),
        };
        format!(
            "; here: {}; of those, dispensed: {}; on offer: {}",
            list(&self.consignments),
            self.dispensed,
            list(&self.offers)
        )
    }
}

fn exception(code: ExceptionCode) -> String {
    match code {
        ExceptionCode::None => String::new(),
        code => code.to_string(),
    }
}

/// What differs, as `status held → offered`; of a new account, all fields.
fn difference(before: Option<&[(&str, String)]>, now: &[(&str, String)]) -> String {
    let Some(before) = before else {
        let known = now.iter().filter(|(_, value)| !value.is_empty());
        let all: Vec<String> = known
            .map(|(name, value)| format!("{name} {value}"))
            .collect();
        return format!("new: {}", all.join(", "));
    };
    let or_none = |value: &String| {
        if value.is_empty() {
            "none".to_owned()
        } else {
            value.clone()
        }
    };
    let changed: Vec<String> = before
        .iter()
        .zip(now)
        .filter(|(before, now)| before != now)
        .map(|((name, before), (_, now))| format!("{name} {} → {}", or_none(before), or_none(now)))
        .collect();
    if changed.is_empty() {
        "other fields changed".to_owned()
    } else {
        changed.join(", ")
    }
}

/// One line of output.
#[derive(Serialize)]
struct Line {
    /// Unix seconds, when it was seen.
    time: i64,
    slot: Option<u64>,
    what: &'static str,
    /// The site, the consignment or the lot, as it may be typed.
    about: String,
    address: Option<String>,
    change: Option<String>,
    /// `None` for what is new to the site.
    before: Option<BTreeMap<&'static str, String>>,
    now: Option<BTreeMap<&'static str, String>>,
    /// Of a recall.
    #[serde(skip_serializing_if = "Option::is_none")]
    affected: Option<AffectedReport>,
}

impl Line {
    fn new(what: &'static str, about: String) -> Self {
        Self {
            time: Utc::now().timestamp(),
            slot: None,
            what,
            about,
            address: None,
            change: None,
            before: None,
            now: None,
            affected: None,
        }
    }
}

impl Report for Line {
    fn text(&self) -> String {
        let change = self.change.as_deref().unwrap_or("until Ctrl-C");
        let affected = self
            .affected
            .as_ref()
            .map_or_else(String::new, AffectedReport::text);
        let color = match self.affected {
            Some(_) => AnsiColor::Red,
            None => AnsiColor::Cyan,
        };
        format!(
            "{}  {} {}  {change}{affected}",
            time(self.time),
            paint(color, self.what),
            self.about
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_described_by_what_differs() {
        let before = [
            ("status", "held".to_owned()),
            ("units", "10".to_owned()),
            ("package", String::new()),
        ];
        let mut now = before.clone();
        assert_eq!(difference(None, &now), "new: status held, units 10");
        assert_eq!(difference(Some(&before), &now), "other fields changed");
        (now[0].1, now[2].1) = ("offered".to_owned(), "1".to_owned());
        assert_eq!(
            difference(Some(&before), &now),
            "status held → offered, package none → 1"
        );
    }
}
