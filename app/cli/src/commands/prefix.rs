//! `pedigree prefix`

use anyhow::Result;
use clap::Subcommand;
use pedigree_client::{
    identifier::{CompanyPrefix, Gln},
    planning::prefixes as planning,
    prefixes,
    registry::PrefixClaim,
};
use serde::Serialize;

use crate::{
    answer::Answer,
    context::Context,
    names::SiteNames,
    output::{Report, rows},
    sending::send,
};

#[derive(Subcommand)]
pub enum Prefix {
    /// Claim company prefixes for a firm; signed by the issuer of its head office
    Claim {
        /// Each with 4 to 12 digits, leading zeros included
        #[arg(required = true, value_name = "PREFIX")]
        prefixes: Vec<CompanyPrefix>,
        /// GLN of the firm's head office
        #[arg(long, value_name = "GLN")]
        firm: Gln,
    },
    /// End a firm's claim; signed by the issuer of its head office, or by the registry authority
    Release { prefix: CompanyPrefix },
    /// Give a prefix to the firm that proved to own it; signed by the registry authority
    Move {
        prefix: CompanyPrefix,
        /// GLN of that firm's head office
        #[arg(long, value_name = "GLN")]
        to: Gln,
    },
    /// Show the claims that equal a prefix, contain it or lie in it
    Show { prefix: CompanyPrefix },
    /// List claims
    List {
        /// Only those of the firm with this head office
        #[arg(long, value_name = "GLN")]
        firm: Option<Gln>,
    },
}

impl Prefix {
    pub async fn run(self, context: &Context) -> Result<Answer> {
        let ledger = &context.ledger;
        let claims = match self {
            Self::Claim { prefixes, firm } => {
                let plan = planning::claim(&context.actor()?, firm, &prefixes).await?;
                send(context, plan).await?;
                return Ok(Answer::Yes);
            }
            Self::Release { prefix } => {
                let plan = planning::release(&context.actor()?, prefix).await?;
                send(context, plan).await?;
                return Ok(Answer::Yes);
            }
            Self::Move { prefix, to } => {
                let plan = planning::move_to(&context.actor()?, prefix, to).await?;
                send(context, plan).await?;
                return Ok(Answer::Yes);
            }
            Self::Show { prefix } => prefixes::overlapping(ledger, prefix).await?,
            Self::List { firm: Some(firm) } => prefixes::of_firm(ledger, firm).await?,
            Self::List { firm: None } => prefixes::all(ledger).await?,
        };
        let firms = claims.iter().map(PrefixClaim::firm);
        let names = SiteNames::read(ledger, firms).await?;
        let reports = claims.iter().map(|claim| ClaimReport {
            prefix: claim.prefix(),
            firm: names.of(claim.firm()),
        });
        context.print(&ClaimList(reports.collect()));
        Ok(Answer::Yes)
    }
}

#[derive(Serialize)]
struct ClaimReport {
    prefix: CompanyPrefix,
    firm: String,
}

#[derive(Serialize)]
#[serde(transparent)]
struct ClaimList(Vec<ClaimReport>);

impl Report for ClaimList {
    fn text(&self) -> String {
        let claims = self
            .0
            .iter()
            .map(|claim| [claim.prefix.to_string(), claim.firm.clone()]);
        rows(["Prefix", "Firm"], claims)
    }
}
