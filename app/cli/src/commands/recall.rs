//! `pedigree recall`

mod escrow;
mod report;

use std::{fmt, fs, path::PathBuf, str::FromStr};

use anyhow::{Context as _, Result, bail, ensure};
use chrono::Utc;
use clap::{
    Args, Subcommand,
    builder::{PossibleValuesParser, TypedValueParser},
};
use pedigree_client::{
    Ledger, address,
    custody::{Lot, RECALLS},
    effectiveness::standing,
    identifier::{Gln, Gtin},
    instruction::recall::{self as instruction, Count, Gravity, Notice, RecallTerms, Recalled},
    ledger::Filter,
    recall,
    recall::{CheckLevel, RecallClass, RecallDepth, RecallReason, RecallState},
};
use sha2::{Digest as _, Sha256};
use solana_pubkey::Pubkey;
use solana_signer::Signer;

use self::{
    escrow::{Claim, Fund, Prove, Withdraw},
    report::{RecallList, StandingReport, page},
};
use super::watch::Watch;
use crate::{
    Answer,
    arguments::{Digest, Document, LotRef},
    context::Context,
    names::SiteNames,
    sending::Job,
};

#[derive(Subcommand)]
pub enum Recall {
    Open(Open),
    Expand(Expand),
    Narrow(Narrow),
    Reclassify(Reclassify),
    /// Say that everything reasonable was done; for who opened the recall and the manufacturer
    Complete(Step),
    /// End a recall, for a regulator; its units stay stopped
    Terminate(Step),
    Respond(Respond),
    Prove(Prove),
    Fund(Fund),
    Claim(Claim),
    Withdraw(Withdraw),
    /// Show how a recall stands: what each site says, and what the ledger shows
    ///
    /// Exit code 1 while units that were distributed are not accounted for.
    Status {
        recall: RecallRef,
    },
    /// Write what an inspector files: one page with a chart of the effectiveness over time
    Report {
        recall: RecallRef,
        /// The new file, HTML
        #[arg(long, value_name = "FILE")]
        to: PathBuf,
    },
    /// List recalls, the newest first
    List {
        /// Only those of this product
        #[arg(long)]
        gtin: Option<Gtin>,
        /// Those that are terminated as well
        #[arg(long)]
        all: bool,
    },
    Watch(WatchRecalls),
}

impl Recall {
    pub async fn run(self, context: &Context) -> Result<Answer> {
        match self {
            Self::Open(command) => command.run(context).await,
            Self::Expand(command) => command.run(context).await,
            Self::Narrow(command) => command.run(context).await,
            Self::Reclassify(command) => command.run(context).await,
            Self::Complete(step) => step.run(context, "complete", instruction::complete).await,
            Self::Terminate(step) => step.run(context, "terminate", instruction::terminate).await,
            Self::Respond(command) => command.run(context).await,
            Self::Prove(command) => command.run(context).await,
            Self::Fund(command) => command.run(context).await,
            Self::Claim(command) => command.run(context).await,
            Self::Withdraw(command) => command.run(context).await,
            Self::Status { recall } => status(context, recall).await,
            Self::Report { recall, to } => write_report(context, recall, to).await,
            Self::List { gtin, all } => list(context, gtin, all).await,
            Self::Watch(WatchRecalls { watch }) => watch.of_recalls(context).await,
        }
    }
}

/// Tell of recalls as they come, with what of the site's is affected.
///
/// Consignments, open offers and dispensed units, within a slot, until Ctrl-C.
#[derive(Args)]
pub struct WatchRecalls {
    #[command(flatten)]
    watch: Watch,
}

/// A recall, as people name it: by its account, or as `GTIN/LOT` with `#N` for its place among the
/// lot's recalls, counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecallRef(Pubkey);

impl RecallRef {
    /// The account, with its address.
    async fn get(self, ledger: &Ledger) -> Result<(Pubkey, recall::Recall)> {
        Ok((self.0, ledger.get(&self.0).await?))
    }
}

impl FromStr for RecallRef {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Self> {
        if let Ok(address) = text.parse() {
            return Ok(Self(address));
        }
        let (lot, number) = text.split_once('#').unwrap_or((text, "0"));
        let number: u8 = number
            .parse()
            .ok()
            .filter(|&number| usize::from(number) < RECALLS)
            .with_context(|| format!("{number:?} is no number of a recall: 0 to 7"))?;
        let lot = lot
            .parse::<LotRef>()
            .with_context(|| format!("{text:?} is no recall: give its address, or GTIN/LOT#N"))?;
        Ok(Self(address::recall(&lot.address(), number)))
    }
}

/// A run of a lot's units: `100-199`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    first: u32,
    quantity: u32,
}

impl FromStr for Run {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Self> {
        let (first, last) = text.split_once('-').unwrap_or((text, text));
        let number = |digits: &str| -> Result<u32> {
            digits.trim().parse().with_context(|| {
                format!("{digits:?} is no number of a unit: write the run as FIRST-LAST")
            })
        };
        let (first, last) = (number(first)?, number(last)?);
        let quantity = last.checked_sub(first).and_then(|more| more.checked_add(1));
        let quantity = quantity.with_context(|| format!("{text:?} ends before it begins"))?;
        Ok(Self { first, quantity })
    }
}

impl fmt::Display for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} units from unit {}", self.quantity, self.first)
    }
}

/// The public notice of a recall.
#[derive(Args)]
struct NoticeArguments {
    /// Where the public can read the notice
    #[arg(long, value_name = "URL")]
    notice_address: String,
    /// The notice as published; its SHA-256 goes on the ledger
    #[arg(long, value_name = "FILE", required_unless_present = "notice_hash")]
    notice: Option<PathBuf>,
    /// SHA-256 of the notice instead
    #[arg(long, value_name = "SHA-256", conflicts_with = "notice")]
    notice_hash: Option<Digest>,
}

impl NoticeArguments {
    fn notice(&self) -> Result<Notice> {
        let text = self.notice_address.as_bytes();
        let mut address = [0; 96];
        ensure!(
            !text.is_empty()
                && text.len() <= address.len()
                && text.iter().all(u8::is_ascii_graphic),
            "the notice's address has 1 to {} ASCII characters without spaces",
            address.len()
        );
        address[..text.len()].copy_from_slice(text);
        let hash = match (&self.notice, self.notice_hash) {
            (Some(file), _) => {
                let content =
                    fs::read(file).with_context(|| format!("could not read {}", file.display()))?;
                Sha256::digest(content).into()
            }
            (None, Some(hash)) => hash.0,
            (None, None) => bail!("give the notice with --notice"),
        };
        Ok(Notice { hash, address })
    }
}

/// How grave a recall is, and how it is followed up.
#[derive(Args)]
struct GravityArguments {
    /// Health hazard: I, II or III (21 CFR 7.3(m)), or unclassified
    #[arg(long, value_parser = classes())]
    class: RecallClass,
    /// How far down the chain it reaches (21 CFR 7.42(b)(1))
    #[arg(long, value_parser = depths())]
    depth: RecallDepth,
    /// Effectiveness checks: A all sites, B --percent, C 10 %, D 2 %, E none (21 CFR 7.42(b)(3))
    #[arg(long, value_parser = levels(), default_value = "A")]
    level: CheckLevel,
    /// Percentage of sites to ask at level B
    #[arg(
        long,
        value_name = "N",
        required_if_eq("level", "B"),
        default_value_t = 0,
        hide_default_value = true
    )]
    percent: u8,
}

impl GravityArguments {
    const fn gravity(&self) -> Gravity {
        Gravity {
            class: self.class.code(),
            depth: self.depth.code(),
            check_level: self.level.code(),
            check_percent: self.percent,
        }
    }
}

macro_rules! parser {
    ($name:ident, $code:ident) => {
        fn $name() -> impl TypedValueParser<Value = $code> {
            let names = $code::ALL.iter().filter_map(|code| code.name());
            PossibleValuesParser::new(names)
                .map(|name| $code::parse(&name).unwrap_or($code::from_code(u8::MAX)))
        }
    };
}
parser!(classes, RecallClass);
parser!(depths, RecallDepth);
parser!(levels, CheckLevel);
parser!(reasons, RecallReason);

/// Recall lots, or a run of one's units.
///
/// For the manufacturer or a regulator. From the next slot on none of the units goes further down the
/// chain or to a patient, whoever holds them; they only go back or to disposal.
#[derive(Args)]
pub struct Open {
    /// The lots
    #[arg(value_name = "GTIN/LOT", required_unless_present = "product")]
    lots: Vec<LotRef>,
    /// All lots of this product instead
    #[arg(long, value_name = "GTIN", conflicts_with = "lots")]
    product: Option<Gtin>,
    /// Only these units of the lot: FIRST-LAST [default: all]
    #[arg(long, value_name = "RUN", conflicts_with = "product")]
    units: Option<Run>,
    #[command(flatten)]
    gravity: GravityArguments,
    /// Why
    #[arg(long, value_parser = reasons())]
    reason: RecallReason,
    #[command(flatten)]
    notice: NoticeArguments,
    /// GLN of the site that recalls [default: the acting keypair's]
    #[arg(long)]
    site: Option<Gln>,
}

impl Open {
    async fn run(self, context: &Context) -> Result<Answer> {
        ensure!(
            self.units.is_none() || self.lots.len() == 1,
            "--units is about one lot: open a recall for each"
        );
        let ledger = &context.ledger;
        let lots: Vec<(Pubkey, Lot)> = match self.product {
            Some(gtin) => {
                ledger
                    .list(&[Filter::lot_product(&address::product(gtin))])
                    .await?
            }
            None => {
                let mut lots = Vec::new();
                for lot in &self.lots {
                    lots.push((lot.address(), ledger.get(&lot.address()).await?));
                }
                lots
            }
        };
        ensure!(!lots.is_empty(), "this product has no lots");
        let site = context
            .acting_for(context.own_site(self.site).await?)
            .await?;
        let payer = context.fee_payer()?.pubkey();
        let notice = self.notice.notice()?;
        let mut instructions = Vec::new();
        let mut made = Vec::new();
        let mut total = 0;
        for (address, lot) in &lots {
            let run = self.units.unwrap_or(Run {
                first: 0,
                quantity: lot.quantity,
            });
            let terms = RecallTerms {
                first: run.first,
                quantity: run.quantity,
                gravity: self.gravity.gravity(),
                reason: self.reason.code(),
            };
            total += u64::from(run.quantity);
            instructions.push(instruction::open(
                payer,
                site,
                *address,
                lot.recalls,
                terms,
                notice,
            ));
            made.push(address::recall(address, lot.recalls));
        }
        let purpose = format!(
            "recall {total} units of {} lots, class {}, to the {} level ({})",
            lots.len(),
            self.gravity.class,
            self.gravity.depth,
            self.reason
        );
        let transactions = context.submitter()?.bundle(instructions);
        let mut job = Job::of_many(purpose, transactions);
        for recall in made {
            job = job.making("recall", recall);
        }
        job.run(context).await?;
        Ok(Answer::Yes)
    }
}

/// Recall more units of the lot: for the manufacturer or a regulator.
#[derive(Args)]
pub struct Expand {
    recall: RecallRef,
    /// All units that are recalled from now on, those that were before among them: FIRST-LAST
    #[arg(long, value_name = "RUN")]
    units: Run,
    #[command(flatten)]
    notice: NoticeArguments,
    /// GLN of the acting site [default: the acting keypair's]
    #[arg(long)]
    site: Option<Gln>,
}

impl Expand {
    async fn run(self, context: &Context) -> Result<Answer> {
        let (address, recall) = self.recall.get(&context.ledger).await?;
        let site = context
            .acting_for(context.own_site(self.site).await?)
            .await?;
        let recalled = Recalled {
            recall: address,
            lot: recall.lot,
        };
        let Run { first, quantity } = self.units;
        let notice = self.notice.notice()?;
        let instruction = instruction::expand(site, recalled, first, quantity, notice);
        let purpose = format!("expand the recall to {}", self.units);
        context.execute(&purpose, instruction).await?;
        Ok(Answer::Yes)
    }
}

/// Release units from a recall: for a regulator alone.
#[derive(Args)]
pub struct Narrow {
    recall: RecallRef,
    /// The units that stay recalled: FIRST-LAST
    #[arg(long, value_name = "RUN", required_unless_present = "none")]
    units: Option<Run>,
    /// Release all of them
    #[arg(long, conflicts_with = "units")]
    none: bool,
    /// GLN of the acting site [default: the acting keypair's]
    #[arg(long)]
    site: Option<Gln>,
    #[command(flatten)]
    document: Document,
}

impl Narrow {
    async fn run(self, context: &Context) -> Result<Answer> {
        let (address, recall) = self.recall.get(&context.ledger).await?;
        let site = context
            .acting_for(context.own_site(self.site).await?)
            .await?;
        let left = self.units.unwrap_or(Run {
            first: recall.first,
            quantity: 0,
        });
        let recalled = Recalled {
            recall: address,
            lot: recall.lot,
        };
        let Run { first, quantity } = left;
        let document = self.document.hash();
        let instruction = instruction::narrow(site, recalled, first, quantity, document);
        let purpose = format!("narrow the recall to {left}");
        context.execute(&purpose, instruction).await?;
        Ok(Answer::Yes)
    }
}

/// Change how grave a recall is: for a regulator, and for the manufacturer if it gets graver.
#[derive(Args)]
pub struct Reclassify {
    recall: RecallRef,
    #[command(flatten)]
    gravity: GravityArguments,
    /// GLN of the acting site [default: the acting keypair's]
    #[arg(long)]
    site: Option<Gln>,
    #[command(flatten)]
    document: Document,
}

impl Reclassify {
    async fn run(self, context: &Context) -> Result<Answer> {
        let (address, _) = self.recall.get(&context.ledger).await?;
        let site = context
            .acting_for(context.own_site(self.site).await?)
            .await?;
        let document = self.document.hash();
        let gravity = self.gravity.gravity();
        let instruction = instruction::reclassify(site, address, gravity, document);
        let purpose = format!(
            "make the recall class {}, to the {} level",
            self.gravity.class, self.gravity.depth
        );
        context.execute(&purpose, instruction).await?;
        Ok(Answer::Yes)
    }
}

/// A step on a recall that needs nothing but the paper behind it.
#[derive(Args)]
pub struct Step {
    recall: RecallRef,
    /// GLN of the acting site [default: the acting keypair's]
    #[arg(long)]
    site: Option<Gln>,
    #[command(flatten)]
    document: Document,
}

impl Step {
    async fn run(
        self,
        context: &Context,
        verb: &str,
        step: fn(pedigree_client::site::Site, Pubkey, [u8; 32]) -> solana_instruction::Instruction,
    ) -> Result<Answer> {
        let (address, _) = self.recall.get(&context.ledger).await?;
        let site = context
            .acting_for(context.own_site(self.site).await?)
            .await?;
        let instruction = step(site, address, self.document.hash());
        context
            .execute(&format!("{verb} the recall {address}"), instruction)
            .await?;
        Ok(Answer::Yes)
    }
}

/// Answer a recall for a site.
///
/// Counts that are not given are as the ledger shows them, or as they were answered before. What was
/// dispensed, returned and destroyed never falls, nor does their sum with what is there.
#[derive(Args)]
pub struct Respond {
    recall: RecallRef,
    /// Units on the shelf, not set aside
    #[arg(long, value_name = "N")]
    held: Option<u32>,
    /// Units set aside
    #[arg(long, value_name = "N")]
    quarantined: Option<u32>,
    /// Units given to patients
    #[arg(long, value_name = "N")]
    dispensed: Option<u32>,
    /// Units sent back
    #[arg(long, value_name = "N")]
    returned: Option<u32>,
    /// Units destroyed
    #[arg(long, value_name = "N")]
    destroyed: Option<u32>,
    /// GLN of the site that answers [default: the acting keypair's]
    #[arg(long)]
    site: Option<Gln>,
}

impl Respond {
    async fn run(self, context: &Context) -> Result<Answer> {
        let (address, _) = self.recall.get(&context.ledger).await?;
        let gln = context.own_site(self.site).await?;
        let standing = standing(&context.ledger, &address).await?;
        let own = standing.sites.get(&Gln::from_account(gln));
        let own = own.copied().unwrap_or_default();
        let before = own.response;
        let as_shown = |shown: u64| u32::try_from(shown).unwrap_or(u32::MAX);
        let held = self.held.unwrap_or(match self.quarantined {
            Some(set_aside) => as_shown(own.shown.present).saturating_sub(set_aside),
            None => as_shown(own.shown.present),
        });
        let count = Count {
            held,
            quarantined: self.quarantined.unwrap_or(0),
            dispensed: self
                .dispensed
                .unwrap_or(as_shown(own.shown.dispensed).max(before.map_or(0, |it| it.dispensed))),
            returned: self.returned.unwrap_or(before.map_or(0, |it| it.returned)),
            destroyed: self
                .destroyed
                .unwrap_or(as_shown(own.shown.destroyed).max(before.map_or(0, |it| it.destroyed))),
            // The ledger's clock may be behind this machine's.
            counted_at: (Utc::now().timestamp() - 60).max(before.map_or(0, |it| it.counted_at)),
        };
        let payer = context.fee_payer()?.pubkey();
        let site = context.acting_for(gln).await?;
        let instruction = instruction::respond(payer, site, address, count);
        let purpose = format!(
            "answer the recall: {} held, {} quarantined, {} dispensed, {} returned, {} destroyed",
            count.held, count.quarantined, count.dispensed, count.returned, count.destroyed
        );
        context.execute(&purpose, instruction).await?;
        Ok(Answer::Yes)
    }
}

async fn status(context: &Context, recall: RecallRef) -> Result<Answer> {
    let (address, _) = recall.get(&context.ledger).await?;
    let report = StandingReport::read(&context.ledger, &address).await?;
    let is_complete = report.is_complete();
    context.print(&report);
    Ok(if is_complete { Answer::Yes } else { Answer::No })
}

async fn write_report(context: &Context, recall: RecallRef, to: PathBuf) -> Result<Answer> {
    let (address, _) = recall.get(&context.ledger).await?;
    let report = StandingReport::read(&context.ledger, &address).await?;
    let html = page(&report)?;
    let mut file =
        fs::File::create_new(&to).with_context(|| format!("could not create {}", to.display()))?;
    std::io::Write::write_all(&mut file, html.as_bytes())?;
    context.print(&report);
    Ok(Answer::Yes)
}

async fn list(context: &Context, gtin: Option<Gtin>, all: bool) -> Result<Answer> {
    let mut recalls: Vec<(Pubkey, recall::Recall)> = context.ledger.list(&[]).await?;
    recalls.retain(|(_, recall)| {
        gtin.is_none_or(|gtin| gtin.number() == recall.gtin)
            && (all || recall.state != RecallState::Terminated)
    });
    recalls.sort_by_key(|(_, recall)| std::cmp::Reverse(recall.opened_at));
    let sites = recalls.iter().map(|(_, recall)| recall.opened_by);
    let names = SiteNames::read(&context.ledger, sites).await?;
    let lots = context
        .ledger
        .get_many(recalls.iter().map(|(_, recall)| recall.lot))
        .await?;
    context.print(&RecallList::new(&recalls, &lots, &names));
    Ok(Answer::Yes)
}
