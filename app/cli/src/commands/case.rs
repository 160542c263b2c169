//! `pedigree case`

use anstyle::AnsiColor;
use anyhow::Result;
use chrono::Utc;
use clap::{Args, Subcommand};
use pedigree_client::{
    Ledger, address,
    custody::{self, CaseState, Consignment, ExceptionCode, Lot},
    identifier::Gln,
    instruction::custody::{
        Finding, Goods, determine_case, notify_case, open_case, open_lot_case, resolve_case,
        resolve_lot_case,
    },
    ledger::Filter,
    site::{Site, sites_of},
};
use serde::Serialize;
use solana_pubkey::Pubkey;
use solana_signer::Signer;

use crate::{
    Answer,
    arguments::{
        ConsignmentRef, Document, LotRef, Subject, consignment_name, exceptions, lot_name, time,
    },
    context::{Context, parse_address},
    names::SiteNames,
    output::{Report, fields, paint, rows},
    sending::Job,
};

#[derive(Subcommand)]
pub enum Case {
    /// Freeze a consignment or a whole lot on a suspicion or a discrepancy
    Open {
        #[command(flatten)]
        subject: Subject,
        /// What is wrong [default: the product is suspect]
        #[arg(long, value_parser = exceptions())]
        reason: Option<ExceptionCode>,
        /// How many units it concerns [default: all]
        #[arg(long, value_name = "N")]
        units: Option<u32>,
        #[command(flatten)]
        step: Step,
    },
    /// Determine that the product is illegitimate, which starts the 24 hours to notify
    Determine {
        #[arg(value_parser = parse_address)]
        case: Pubkey,
        #[command(flatten)]
        step: Step,
    },
    /// Record that the regulator and the trading partners were notified
    Notify {
        #[arg(value_parser = parse_address)]
        case: Pubkey,
        #[command(flatten)]
        step: Step,
    },
    /// End a case
    Resolve {
        #[arg(value_parser = parse_address)]
        case: Pubkey,
        #[command(flatten)]
        outcome: Outcome,
        #[command(flatten)]
        step: Step,
    },
    /// Show a case
    Show {
        #[arg(value_parser = parse_address)]
        case: Pubkey,
    },
    /// List cases, the one with the soonest deadline first
    List {
        #[command(flatten)]
        about: About,
        /// Resolved ones too
        #[arg(long)]
        all: bool,
    },
}

/// Who takes a step, and on what ground.
#[derive(Args)]
pub struct Step {
    /// GLN of the site that acts [default: found by the acting keypair]
    #[arg(long)]
    site: Option<Gln>,
    #[command(flatten)]
    document: Document,
}

/// What becomes of the goods.
#[derive(Args)]
#[group(required = true, multiple = false)]
pub struct Outcome {
    /// Nothing is wrong, or it was put right: the goods move again
    #[arg(long)]
    cleared: bool,
    /// The goods only go to disposal
    #[arg(long)]
    condemned: bool,
}

/// Which cases are listed.
#[derive(Args)]
#[group(multiple = false)]
pub struct About {
    /// Only those about this consignment
    consignment: Option<ConsignmentRef>,
    /// Only those about this lot or a part of it
    #[arg(long, value_name = "GTIN/LOT")]
    lot: Option<LotRef>,
    /// Only those that this site opened
    #[arg(long, value_name = "GLN")]
    opened_by: Option<Gln>,
}

impl Step {
    /// The acting site: of several that the keypair may act for, the first of `likely` among them.
    async fn site(&self, context: &Context, likely: &[u64]) -> Result<Site> {
        let key = context.keypair()?.pubkey();
        let sites = match self.site {
            Some(_) => Vec::new(),
            None => sites_of(&context.ledger, &key).await?,
        };
        let found = likely
            .iter()
            .find(|gln| sites.iter().any(|site| site.gln == **gln));
        let gln = match found {
            Some(gln) => *gln,
            None => context.own_site(self.site).await?,
        };
        context.acting_for(gln).await
    }

    fn finding(&self, reason: Option<ExceptionCode>, units: u32) -> Finding {
        Finding {
            exception: reason.unwrap_or(ExceptionCode::None).code(),
            units,
            document: self.document.hash(),
        }
    }
}

impl Case {
    pub async fn run(self, context: &Context) -> Result<Answer> {
        let ledger = &context.ledger;
        let (purpose, instruction) = match self {
            Self::Open {
                subject,
                reason,
                units,
                step,
            } => {
                open(context, subject, reason, units, step).await?;
                return Ok(Answer::Yes);
            }
            Self::Determine { case, step } => {
                let site = step.site(context, &[opener(ledger, &case).await?]).await?;
                (
                    "determine that the case's product is illegitimate",
                    determine_case(site, case, step.document.hash()),
                )
            }
            Self::Notify { case, step } => {
                let site = step.site(context, &[opener(ledger, &case).await?]).await?;
                (
                    "record that regulator and trading partners were notified",
                    notify_case(site, case, step.document.hash()),
                )
            }
            Self::Resolve {
                case: address,
                outcome: Outcome { condemned, .. },
                step,
            } => {
                let case: custody::Case = ledger.get(&address).await?;
                let site = step.site(context, &[case.opened_by]).await?;
                let document = step.document.hash();
                let purpose = if condemned {
                    "end the case and condemn the goods"
                } else {
                    "end the case and clear the goods"
                };
                let resolve = if case.subject == case.lot {
                    resolve_lot_case
                } else {
                    resolve_case
                };
                (
                    purpose,
                    resolve(site, address, case.subject, condemned, document),
                )
            }
            Self::Show { case: address } => {
                let case = ledger.get(&address).await?;
                let reports = reports(ledger, vec![(address, case)]).await?;
                reports.iter().for_each(|report| context.print(report));
                return Ok(Answer::Yes);
            }
            Self::List { about, all } => {
                let mut cases: Vec<(Pubkey, custody::Case)> =
                    ledger.list(&about.filters(ledger).await?).await?;
                cases.retain(|(_, case)| all || !case.is_resolved());
                cases.sort_by_key(|(_, case)| (case.is_resolved(), next_deadline(case)));
                context.print(&CaseList(reports(ledger, cases).await?));
                return Ok(Answer::Yes);
            }
        };
        context.execute(purpose, instruction).await?;
        Ok(Answer::Yes)
    }
}

impl About {
    async fn filters(&self, ledger: &Ledger) -> Result<Vec<Filter>> {
        let mut filters = Vec::new();
        if let Some(consignment) = self.consignment {
            filters.push(Filter::case_subject(&consignment.address(ledger).await?));
        }
        filters.extend(self.lot.map(|lot| Filter::case_lot(&lot.address())));
        filters.extend(self.opened_by.as_ref().map(Filter::case_opened_by));
        Ok(filters)
    }
}

async fn opener(ledger: &Ledger, case: &Pubkey) -> Result<u64> {
    let case: custody::Case = ledger.get(case).await?;
    Ok(case.opened_by)
}

async fn open(
    context: &Context,
    subject: Subject,
    reason: Option<ExceptionCode>,
    units: Option<u32>,
    step: Step,
) -> Result<()> {
    let ledger = &context.ledger;
    let payer = context.fee_payer()?.pubkey();
    let word = reason.map_or_else(|| "suspect product".to_owned(), |reason| reason.to_string());
    let job = if let Some(named) = subject.lot {
        let address = named.address();
        let lot: Lot = ledger.get(&address).await?;
        let site = step.site(context, &[lot.manufacturer]).await?;
        let finding = step.finding(reason, units.unwrap_or(lot.quantity));
        Job::new(
            format!("freeze the whole lot {named} ({word})"),
            open_lot_case(payer, site, address, lot.cases, finding),
        )
        .making("case", address::case(&address, lot.cases))
    } else {
        let (address, consignment) = subject.consignment(ledger).await?;
        let goods = Goods {
            consignment: address,
            lot: consignment.lot,
        };
        let lot: Lot = ledger.get(&goods.lot).await?;
        let likely = [consignment.custodian, consignment.owner, lot.manufacturer];
        let site = step.site(context, &likely).await?;
        let custodian = address::partner(Gln::from_account(consignment.custodian));
        let finding = step.finding(reason, units.unwrap_or(consignment.quantity));
        Job::new(
            format!("freeze {} units ({word})", consignment.quantity),
            open_case(payer, site, custodian, goods, consignment.cases, finding),
        )
        .making("case", address::case(&address, consignment.cases))
    };
    job.run(context).await
}

/// Unix seconds: by when the case's next step has to be taken.
fn next_deadline(case: &custody::Case) -> i64 {
    if case.notify_by != 0 && case.notified_at == 0 {
        case.notify_by.min(case.answer_by)
    } else {
        case.answer_by
    }
}

/// A moment by which something has to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
struct Deadline {
    at: i64,
    /// It passed, and nothing was done.
    overdue: bool,
}

impl Deadline {
    fn new(at: i64, is_done: bool, now: i64) -> Self {
        Self {
            at,
            overdue: !is_done && now > at,
        }
    }

    fn text(self) -> String {
        if self.overdue {
            format!("{} {}", time(self.at), paint(AnsiColor::Red, "OVERDUE"))
        } else {
            time(self.at)
        }
    }
}

/// A case, as people read it.
#[derive(Serialize)]
pub struct CaseReport {
    address: String,
    /// The consignment or the lot, as it may be typed.
    about: String,
    whole_lot: bool,
    subject: String,
    number: u32,
    state: String,
    reason: String,
    units: u32,
    opened_by: String,
    opened_at: i64,
    answer_by: Deadline,
    determined_at: Option<i64>,
    notify_by: Option<Deadline>,
    notified_at: Option<i64>,
    resolved_by: Option<String>,
    resolved_at: Option<i64>,
    transfer: Option<String>,
    document: String,
}

/// Reports of `cases`, with what they are about and who takes part.
async fn reports(ledger: &Ledger, cases: Vec<(Pubkey, custody::Case)>) -> Result<Vec<CaseReport>> {
    let lots = ledger
        .get_many::<Lot>(cases.iter().map(|(_, case)| case.lot))
        .await?;
    let about_consignments = cases.iter().filter(|(_, case)| case.subject != case.lot);
    let consignments = ledger
        .get_many::<Consignment>(about_consignments.map(|(_, case)| case.subject))
        .await?;
    let sites = cases
        .iter()
        .flat_map(|(_, case)| [case.opened_by, case.resolved_by]);
    let names = SiteNames::read(ledger, sites).await?;
    let now = Utc::now().timestamp();
    let about = |case: &custody::Case| {
        let lot = lots.get(&case.lot)?;
        if case.subject == case.lot {
            return Some(lot_name(lot));
        }
        let consignment = consignments.get(&case.subject)?;
        Some(consignment_name(lot, consignment.first_unit))
    };
    Ok(cases
        .iter()
        .map(|(address, case)| {
            // A consignment that was merged since is known by its address only.
            let about = about(case).unwrap_or_else(|| case.subject.to_string());
            CaseReport::new(address, case, about, &names, now)
        })
        .collect())
}

impl CaseReport {
    fn new(
        address: &Pubkey,
        case: &custody::Case,
        about: String,
        names: &SiteNames,
        now: i64,
    ) -> Self {
        let moment = |seconds: i64| (seconds != 0).then_some(seconds);
        let reason = match case.exception {
            ExceptionCode::None => "suspect product".to_owned(),
            exception => exception.to_string(),
        };
        Self {
            address: address.to_string(),
            about,
            whole_lot: case.subject == case.lot,
            subject: case.subject.to_string(),
            number: case.number,
            state: case.state.to_string(),
            reason,
            units: case.units,
            opened_by: names.of(case.opened_by),
            opened_at: case.opened_at,
            answer_by: Deadline::new(case.answer_by, case.state != CaseState::Open, now),
            determined_at: moment(case.determined_at),
            notify_by: moment(case.notify_by)
                .map(|at| Deadline::new(at, case.notified_at != 0, now)),
            notified_at: moment(case.notified_at),
            resolved_by: names.find(case.resolved_by),
            resolved_at: moment(case.resolved_at),
            transfer: (case.transfer != Pubkey::default()).then(|| case.transfer.to_string()),
            document: hex::encode(case.document),
        }
    }

    fn notify_by(&self) -> String {
        match self.notify_by {
            _ if self.notified_at.is_some() => "notified".to_owned(),
            Some(deadline) => deadline.text(),
            None => String::new(),
        }
    }
}

impl Report for CaseReport {
    fn text(&self) -> String {
        let or_none = |text: Option<String>| text.unwrap_or_else(|| "none".to_owned());
        let resolved = self.resolved_at.zip(self.resolved_by.as_ref());
        fields([
            ("Case", self.address.clone()),
            ("About", self.about.clone()),
            ("State", self.state.clone()),
            ("Reason", format!("{}, {} units", self.reason, self.units)),
            (
                "Opened",
                format!("{} by {}", time(self.opened_at), self.opened_by),
            ),
            ("Answer by", self.answer_by.text()),
            ("Illegitimate", or_none(self.determined_at.map(time))),
            ("Notify by", or_none(self.notify_by.map(Deadline::text))),
            ("Notified", or_none(self.notified_at.map(time))),
            (
                "Resolved",
                or_none(resolved.map(|(at, by)| format!("{} by {by}", time(at)))),
            ),
            ("Transfer", or_none(self.transfer.clone())),
            ("Document", self.document.clone()),
        ])
    }
}

#[derive(Serialize)]
#[serde(transparent)]
struct CaseList(Vec<CaseReport>);

impl Report for CaseList {
    fn text(&self) -> String {
        let cases = self.0.iter().map(|case| {
            [
                case.about.clone(),
                case.state.clone(),
                case.reason.clone(),
                case.units.to_string(),
                case.opened_by.clone(),
                case.answer_by.text(),
                case.notify_by(),
                case.address.clone(),
            ]
        });
        rows(
            [
                "About",
                "State",
                "Reason",
                "Units",
                "Opened by",
                "Answer by",
                "Notify by",
                "Case",
            ],
            cases,
        )
    }
}

#[cfg(test)]
mod tests {
    use bytemuck::Zeroable;

    use super::*;

    #[test]
    fn a_deadline_is_overdue_until_it_is_met() {
        assert!(!Deadline::new(100, false, 100).overdue);
        assert!(Deadline::new(100, false, 101).overdue);
        assert!(!Deadline::new(100, true, 101).overdue);
    }

    #[test]
    fn the_soonest_unmet_deadline_comes_first() {
        let mut case = custody::Case {
            answer_by: 200,
            ..custody::Case::zeroed()
        };
        assert_eq!(next_deadline(&case), 200);
        case.notify_by = 100;
        assert_eq!(next_deadline(&case), 100);
        case.notified_at = 90;
        assert_eq!(next_deadline(&case), 200);
    }
}
