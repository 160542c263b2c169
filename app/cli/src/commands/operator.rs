//! `pedigree operator`

use std::{str::FromStr, time::Duration};

use anyhow::{Context as _, Result};
use chrono::{NaiveDate, NaiveTime, Utc};
use clap::{Args, Subcommand};
use pedigree_client::{
    Located, address,
    domain::Permissions,
    identifier::Gln,
    instruction::registry::OperatorTerms,
    lists,
    planning::operators::{OperatorChanges, appoint, dismiss, dismiss_all, update},
    registry::{NotPermitted, Operator as Account, Partner},
    text::{field_text, text_field},
};
use serde::Serialize;
use solana_pubkey::Pubkey;

use crate::{
    answer::Answer,
    context::{Context, parse_address},
    output::{Report, fields, rows},
    sending::send,
    words::{partner_name, time},
};

#[derive(Args)]
pub struct Operator {
    #[command(subcommand)]
    action: Action,
    /// GLN of the site [default: the acting keypair's]
    #[arg(long, global = true, value_name = "GLN")]
    site: Option<Gln>,
}

#[derive(Subcommand)]
enum Action {
    /// Let a key act for a site; signed by the site's own key
    Appoint {
        /// The operator's key
        #[arg(value_parser = parse_address)]
        key: Pubkey,
        /// A badge or a device; it is public, so not a person's name
        #[arg(long)]
        name: String,
        /// What the operator may do
        #[arg(long, value_enum, required = true, value_delimiter = ',')]
        permissions: Vec<Permission>,
        /// The first day, YYYY-MM-DD (UTC), or a time from now such as 2h [default: today]
        #[arg(long, value_name = "WHEN")]
        from: Option<Moment>,
        /// The last day, YYYY-MM-DD (UTC), or a time from now such as 90days
        #[arg(long, value_name = "WHEN")]
        until: Moment,
    },
    /// Change what an operator may do, when, or its name; signed by the site's own key
    Update {
        #[arg(value_parser = parse_address)]
        key: Pubkey,
        #[command(flatten)]
        changes: Changes,
    },
    /// End an appointment; signed by the site's own key
    Dismiss {
        #[arg(value_parser = parse_address)]
        key: Pubkey,
    },
    /// End all appointments of the site at once; signed by the site's own key
    DismissAll,
    /// Show an operator
    Show {
        #[arg(value_parser = parse_address)]
        key: Pubkey,
    },
    /// List a site's operators
    List,
}

/// Terms to change; the others stay.
#[derive(Args)]
#[group(required = true, multiple = true)]
struct Changes {
    /// A badge or a device; it is public, so not a person's name
    #[arg(long)]
    name: Option<String>,
    /// What the operator may do
    #[arg(long, value_enum, value_delimiter = ',')]
    permissions: Option<Vec<Permission>>,
    /// The first day, YYYY-MM-DD (UTC), or a time from now such as 2h
    #[arg(long, value_name = "WHEN")]
    from: Option<Moment>,
    /// The last day, YYYY-MM-DD (UTC), or a time from now such as 90days
    #[arg(long, value_name = "WHEN")]
    until: Option<Moment>,
}

impl Changes {
    fn changes(&self) -> Result<OperatorChanges> {
        let name = self.name.as_deref().map(name_field);
        Ok(OperatorChanges {
            permissions: self.permissions.as_deref().map(Permission::flags),
            valid_from: self.from.map(Moment::begin),
            valid_until: self.until.map(Moment::end),
            name: name.transpose()?,
        })
    }
}

/// What a site lets an operator do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Permission {
    /// Offer goods, take offers back, hand goods over, sell goods that stay where they are, give title to
    /// recalled goods back
    Ship,
    /// Accept and reject offers, take goods over, buy goods that stay where they are, verify returns, take
    /// recovered goods
    Receive,
    /// Split, merge, pack and unpack consignments
    Pack,
    /// Put goods into quarantine and release them, open and resolve cases, clear packs; for a regulator,
    /// recover goods
    Quarantine,
    /// Take units out of the trade, and take that back: destroyed, sampled, stolen, exported
    Withdraw,
    /// Witness that goods leave: a destruction, and what the owner or a case holds back
    Witness,
    /// Give units to patients, and take that back; agree where another site dispenses the site's goods
    Dispense,
    /// Mint and adopt lots
    Commission,
    /// Open, change, end and answer recalls, prove returned units, withdraw unclaimed money
    Recall,
}

impl Permission {
    /// All `permissions` together.
    fn flags(permissions: &[Self]) -> Permissions {
        permissions
            .iter()
            .map(|permission| permission.flag())
            .collect()
    }

    fn flag(self) -> Permissions {
        match self {
            Self::Ship => Permissions::SHIP,
            Self::Receive => Permissions::RECEIVE,
            Self::Pack => Permissions::PACK,
            Self::Quarantine => Permissions::QUARANTINE,
            Self::Withdraw => Permissions::WITHDRAW,
            Self::Witness => Permissions::WITNESS,
            Self::Dispense => Permissions::DISPENSE,
            Self::Commission => Permissions::COMMISSION,
            Self::Recall => Permissions::RECALL,
        }
    }
}

/// The names of the permissions in `bits`.
fn permission_names(bits: u16) -> Vec<String> {
    Permissions::from_bits_truncate(bits)
        .iter_names()
        .map(|(name, _)| name.to_lowercase())
        .collect()
}

fn name_field(name: &str) -> Result<[u8; 32]> {
    Ok(text_field("operator's name", name)?)
}

/// When something begins or ends: a day, or a time from now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Moment {
    Day(NaiveDate),
    In(Duration),
}

impl Moment {
    /// Unix seconds: the first moment of the day, UTC.
    fn begin(self) -> i64 {
        match self {
            Self::Day(day) => midnight(day),
            Self::In(wait) => from_now(wait),
        }
    }

    /// Unix seconds: the first moment after the day, UTC.
    fn end(self) -> i64 {
        match self {
            Self::Day(day) => midnight(day.succ_opt().unwrap_or(NaiveDate::MAX)),
            Self::In(wait) => from_now(wait),
        }
    }
}

impl FromStr for Moment {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Self> {
        if let Ok(day) = NaiveDate::parse_from_str(text, "%Y-%m-%d") {
            return Ok(Self::Day(day));
        }
        humantime::parse_duration(text)
            .map(Self::In)
            .with_context(|| {
                format!("{text:?} is neither a day, YYYY-MM-DD, nor a time from now such as 90days")
            })
    }
}

fn midnight(day: NaiveDate) -> i64 {
    day.and_time(NaiveTime::MIN).and_utc().timestamp()
}

fn from_now(wait: Duration) -> i64 {
    Utc::now()
        .timestamp()
        .saturating_add_unsigned(wait.as_secs())
}

impl Operator {
    pub async fn run(self, context: &Context) -> Result<Answer> {
        let ledger = &context.ledger;
        let gln = context.own_gln(self.site).await?;
        let partner = address::partner(gln);
        let plan = match self.action {
            Action::Appoint {
                key,
                name,
                permissions,
                from,
                until,
            } => {
                let today = Moment::Day(Utc::now().date_naive());
                let terms = OperatorTerms {
                    permissions: Permission::flags(&permissions).bits(),
                    valid_from: from.unwrap_or(today).begin(),
                    valid_until: until.end(),
                    name: name_field(&name)?,
                };
                appoint(&context.actor()?, gln, key, terms)
            }
            Action::Update { key, changes } => {
                update(&context.actor()?, gln, key, &changes.changes()?).await?
            }
            Action::Dismiss { key } => dismiss(&context.actor()?, gln, key).await?,
            Action::DismissAll => dismiss_all(&context.actor()?, gln),
            Action::Show { key } => {
                let operator = ledger.get(&address::operator(&partner, &key)).await?;
                let site: Located<Partner> = ledger.get(&partner).await?;
                context.print(&OperatorReport::new(&operator, &site));
                return Ok(Answer::Yes);
            }
            Action::List => {
                let operators = lists::operators(ledger, gln).await?;
                let site: Located<Partner> = ledger.get(&partner).await?;
                let reports = operators
                    .iter()
                    .map(|operator| OperatorReport::new(operator, &site));
                context.print(&OperatorList(reports.collect()));
                return Ok(Answer::Yes);
            }
        };
        send(context, plan).await?;
        Ok(Answer::Yes)
    }
}

#[derive(Serialize)]
struct OperatorReport {
    name: String,
    key: String,
    site: String,
    permissions: Vec<String>,
    /// Now, by this machine's clock.
    status: &'static str,
    valid_from: i64,
    valid_until: i64,
    payer: String,
    address: String,
}

impl OperatorReport {
    fn new(operator: &Located<Account>, site: &Partner) -> Self {
        let bar = operator.check(
            &operator.key,
            (&operator.partner, site),
            Permissions::empty(),
            Utc::now().timestamp(),
        );
        Self {
            name: field_text(&operator.name),
            key: operator.key.to_string(),
            site: partner_name(site),
            permissions: permission_names(operator.permissions),
            status: match bar {
                Err(NotPermitted::Dismissed) => "dismissed with all others",
                Err(NotPermitted::NotYetValid) => "not yet in force",
                Err(NotPermitted::Lapsed) => "lapsed",
                Err(_) | Ok(()) => "in force",
            },
            valid_from: operator.valid_from,
            valid_until: operator.valid_until,
            payer: operator.payer.to_string(),
            address: operator.address.to_string(),
        }
    }
}

impl Report for OperatorReport {
    fn text(&self) -> String {
        fields([
            ("Name", self.name.clone()),
            ("Key", self.key.clone()),
            ("Site", self.site.clone()),
            ("Permissions", self.permissions.join(", ")),
            ("Status", self.status.to_owned()),
            ("From", time(self.valid_from)),
            ("Until", time(self.valid_until)),
            ("Rent back to", self.payer.clone()),
            ("Account", self.address.clone()),
        ])
    }
}

#[derive(Serialize)]
#[serde(transparent)]
struct OperatorList(Vec<OperatorReport>);

impl Report for OperatorList {
    fn text(&self) -> String {
        let operators = self.0.iter().map(|operator| {
            [
                operator.name.clone(),
                operator.key.clone(),
                operator.permissions.join(", "),
                operator.status.to_owned(),
                time(operator.valid_until),
            ]
        });
        rows(["Name", "Key", "Permissions", "Status", "Until"], operators)
    }
}

#[cfg(test)]
mod tests {
    use clap::ValueEnum;

    use super::*;

    #[test]
    fn a_day_begins_and_ends_at_midnight() {
        let day: Moment = "2026-11-22".parse().unwrap();
        assert_eq!(day.begin(), 1_795_305_600);
        assert_eq!(day.end(), 1_795_305_600 + 86_400);
    }

    #[test]
    fn a_moment_is_a_day_or_a_time_from_now() {
        let before = Utc::now().timestamp();
        let wait: Moment = "90days".parse().unwrap();
        assert!(wait.end() >= before + 90 * 86_400);
        assert_eq!(Moment::In(Duration::MAX).end(), i64::MAX);
        for text in ["", "tomorrow", "2027-02-30", "-1h"] {
            let error = text.parse::<Moment>().unwrap_err().to_string();
            assert!(error.contains("90days"), "{error}");
        }
    }

    #[test]
    fn every_permission_has_a_name() {
        let permissions = Permission::value_variants();
        assert_eq!(Permission::flags(permissions), Permissions::all());
        let names: Vec<String> = permissions
            .iter()
            .map(|permission| {
                permission
                    .to_possible_value()
                    .unwrap()
                    .get_name()
                    .to_owned()
            })
            .collect();
        assert_eq!(
            permission_names(Permission::flags(permissions).bits()),
            names
        );
    }
}
