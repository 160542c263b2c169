//! `pedigree case`

use anstyle::AnsiColor;
use anyhow::Result;
use chrono::Utc;
use clap::{Args, Subcommand};
use pedigree_client::{
    Ledger, Located,
    custody::{self, Consignment, ExceptionCode, Lot},
    deadline::Deadline,
    identifier::Gln,
    lists::{self, CasesAbout},
    planning::{
        Grounds,
        cases::{determine, notify, open_case, open_lot_case, resolve},
    },
    reference::{ConsignmentRef, LotRef},
};
use serde::Serialize;
use solana_pubkey::Pubkey;

use crate::{
    answer::Answer,
    arguments::{Document, Subject, exceptions},
    context::{Context, parse_address},
    names::SiteNames,
    output::{Report, fields, paint, rows},
    sending::send,
    words::{consignment_name, exception, lot_name, time},
};

#[derive(Subcommand)]
pub enum Case {
    /// Freeze a consignment or a whole lot on a suspicion or a discrepancy
    Open {
        #[command(flatten)]
        subject: Subject,
        /// What is wrong [default: suspect product]
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
        /// Include resolved cases
        #[arg(long)]
        all: bool,
    },
}

/// Who takes a step, and the document behind it.
#[derive(Args)]
pub struct Step {
    /// GLN of the site that acts [default: found by the acting keypair]
    #[arg(long)]
    site: Option<Gln>,
    #[command(flatten)]
    document: Document,
}

/// How a case ends.
#[derive(Args)]
#[group(required = true, multiple = false)]
pub struct Outcome {
    /// Nothing is wrong, or it was corrected: the goods may move again
    #[arg(long)]
    cleared: bool,
    /// The goods go to disposal or to a laboratory only; it was determined before that they are illegitimate
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

impl Case {
    pub async fn run(self, context: &Context) -> Result<Answer> {
        let ledger = &context.ledger;
        let plan = match self {
            Self::Open {
                subject,
                reason,
                units,
                step,
            } => {
                let grounds = Grounds {
                    exception: reason.unwrap_or(ExceptionCode::None),
                    units,
                    document_hash: step.document.hash(),
                };
                let actor = context.actor()?;
                match subject.lot {
                    Some(lot) => open_lot_case(&actor, lot, grounds, step.site).await?,
                    None => {
                        let consignment = subject.consignment(ledger).await?;
                        open_case(&actor, &consignment, grounds, step.site).await?
                    }
                }
            }
            Self::Determine { case, step } => {
                let (case, hash) = (ledger.get(&case).await?, step.document.hash());
                determine(&context.actor()?, &case, step.site, hash).await?
            }
            Self::Notify { case, step } => {
                let (case, hash) = (ledger.get(&case).await?, step.document.hash());
                notify(&context.actor()?, &case, step.site, hash).await?
            }
            Self::Resolve {
                case,
                outcome: Outcome { condemned, .. },
                step,
            } => {
                let (case, hash) = (ledger.get(&case).await?, step.document.hash());
                resolve(&context.actor()?, &case, condemned, step.site, hash).await?
            }
            Self::Show { case } => {
                let case = ledger.get(&case).await?;
                let reports = reports(ledger, vec![case]).await?;
                reports.iter().for_each(|report| context.print(report));
                return Ok(Answer::Yes);
            }
            Self::List { about, all } => {
                let cases = lists::cases(ledger, about.read(ledger).await?, all).await?;
                context.print(&CaseList(reports(ledger, cases).await?));
                return Ok(Answer::Yes);
            }
        };
        send(context, plan).await?;
        Ok(Answer::Yes)
    }
}

impl About {
    async fn read(&self, ledger: &Ledger) -> Result<CasesAbout> {
        let consignment = match self.consignment {
            Some(consignment) => Some(consignment.address(ledger).await?),
            None => None,
        };
        let lot = match self.lot {
            Some(lot) => Some(lot.resolve(ledger).await?.address),
            None => None,
        };
        Ok(CasesAbout {
            consignment,
            lot,
            opened_by: self.opened_by,
        })
    }
}

/// A deadline in words.
fn deadline(deadline: Deadline) -> String {
    let at = time(deadline.at);
    match deadline.overdue {
        true => format!("{at} {}", paint(AnsiColor::Red, "OVERDUE")),
        false => at,
    }
}

/// A case, as it is printed.
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
    /// As what: custodian, owner, manufacturer or regulator.
    opened_as: String,
    opened_at: i64,
    answer_by: Deadline,
    determined_at: Option<i64>,
    notify_by: Option<Deadline>,
    notified_at: Option<i64>,
    resolved_by: Option<String>,
    resolved_at: Option<i64>,
    transfer: Option<String>,
    /// The newest.
    document: String,
    determination: Option<String>,
    notification: Option<String>,
}

/// Reports of `cases`, with what they are about and who takes part.
async fn reports(ledger: &Ledger, cases: Vec<Located<custody::Case>>) -> Result<Vec<CaseReport>> {
    let lots = ledger
        .get_many::<Lot>(cases.iter().map(|case| case.lot))
        .await?;
    let about_consignments = cases.iter().filter(|case| case.subject != case.lot);
    let consignments = ledger
        .get_many::<Consignment>(about_consignments.map(|case| case.subject))
        .await?;
    let sites = cases.iter().flat_map(|case| {
        let opened_by = case.opened_by();
        [Some(opened_by), case.resolved_by()].into_iter().flatten()
    });
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
        .map(|case| {
            // If its account is not there, the address has to do.
            let about = about(case).unwrap_or_else(|| case.subject.to_string());
            CaseReport::new(case, about, &names, now)
        })
        .collect())
}

impl CaseReport {
    fn new(case: &Located<custody::Case>, about: String, names: &SiteNames, now: i64) -> Self {
        let moment = |seconds: i64| (seconds != 0).then_some(seconds);
        Self {
            address: case.address.to_string(),
            about,
            whole_lot: case.subject == case.lot,
            subject: case.subject.to_string(),
            number: case.number,
            state: case.state.to_string(),
            reason: exception(case.exception),
            units: case.units,
            opened_by: names.of(case.opened_by()),
            opened_as: case.party.to_string(),
            opened_at: case.opened_at,
            answer_by: Deadline::to_answer(case, now),
            determined_at: moment(case.determined_at),
            notify_by: Deadline::to_notify(case, now),
            notified_at: moment(case.notified_at),
            resolved_by: case.resolved_by().map(|gln| names.of(gln)),
            resolved_at: moment(case.resolved_at),
            transfer: case.transfer().map(Pubkey::to_string),
            document: hex::encode(case.document_hash),
            determination: case.determination_hash().map(hex::encode),
            notification: case.notification_hash().map(hex::encode),
        }
    }

    fn notify_by(&self) -> String {
        match self.notify_by {
            _ if self.notified_at.is_some() => "notified".to_owned(),
            Some(notify_by) => deadline(notify_by),
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
                format!(
                    "{} by {}, as {}",
                    time(self.opened_at),
                    self.opened_by,
                    self.opened_as
                ),
            ),
            ("Answer by", deadline(self.answer_by)),
            ("Illegitimate", or_none(self.determined_at.map(time))),
            ("Notify by", or_none(self.notify_by.map(deadline))),
            ("Notified", or_none(self.notified_at.map(time))),
            (
                "Resolved",
                or_none(resolved.map(|(at, by)| format!("{} by {by}", time(at)))),
            ),
            ("Transfer", or_none(self.transfer.clone())),
            ("Determination", or_none(self.determination.clone())),
            ("Notification", or_none(self.notification.clone())),
            ("Newest document", self.document.clone()),
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
                deadline(case.answer_by),
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
