//! What a recall pays for, and with what.

use anyhow::Result;
use clap::Args;
use pedigree_client::{
    identifier::Gln,
    planning::compensation::{Reserve, claim, fund, prove, return_title, withdraw},
    reference::{ConsignmentRef, RecallRef},
    token::Mint,
    units::UnitRange,
};
use solana_pubkey::Pubkey;

use crate::{
    answer::Answer,
    arguments::Document,
    context::{Context, parse_address},
    sending::send,
};

/// Reserve a price for recalled units that are given up.
///
/// For the manufacturer, another site of its firm, or the site that holds the product now; with the site's
/// own key. The price of all the units goes into a vault, and its terms never change: to pay more, or for
/// more units, fund again.
#[derive(Args)]
pub struct Fund {
    recall: RecallRef,
    /// The token's mint
    #[arg(long, value_parser = parse_address)]
    mint: Pubkey,
    /// What is paid for each unit
    #[arg(long, value_name = "AMOUNT")]
    unit_price: String,
    /// The units that it is for: FIRST-LAST [default: all that are recalled]
    #[arg(long, value_name = "RANGE")]
    units: Option<UnitRange>,
    /// GLN of the site that pays [default: the manufacturer's]
    #[arg(long)]
    site: Option<Gln>,
    /// The token account that pays [default: the site key's associated one]
    #[arg(long, value_parser = parse_address, value_name = "ADDRESS")]
    from: Option<Pubkey>,
}

impl Fund {
    pub async fn run(self, context: &Context) -> Result<Answer> {
        let recall = self.recall.resolve(&context.ledger).await?;
        let mint = Mint::read(&context.ledger, self.mint).await?;
        let reserve = Reserve {
            mint,
            units: self.units,
            unit_price: mint.amount(&self.unit_price)?,
            source: self.from,
        };
        let plan = fund(&context.actor()?, &recall, &reserve, self.site).await?;
        send(context, plan).await?;
        Ok(Answer::Yes)
    }
}

/// What shows that units came back or were destroyed.
#[derive(Args)]
struct DepartureArguments {
    recall: RecallRef,
    /// The accepted return's transfer, or the destroyed consignment
    #[arg(value_parser = parse_address)]
    evidence: Pubkey,
    /// GLN of the acting site [default: the acting keypair's]
    #[arg(long)]
    site: Option<Gln>,
}

/// Have units counted that the ledger shows the site returned or destroyed.
///
/// The site answers first. What is proven cannot be answered lower.
#[derive(Args)]
pub struct Prove {
    #[command(flatten)]
    evidence: DepartureArguments,
}

impl Prove {
    pub async fn run(self, context: &Context) -> Result<Answer> {
        let DepartureArguments {
            recall,
            evidence,
            site,
        } = self.evidence;
        let recall = recall.resolve(&context.ledger).await?;
        let plan = prove(&context.actor()?, &recall, evidence, site).await?;
        send(context, plan).await?;
        Ok(Answer::Yes)
    }
}

/// Give title to recalled goods to their manufacturer, who has them already: for their owner.
///
/// A provider that sends an owner's goods to the manufacturer passes no title. Then this does, and leaves a
/// transfer that `pedigree recall claim` takes, also after the manufacturer had them sampled or reported them stolen.
/// No single unit may be gone. Destroyed goods do not need this: `recall claim` takes the destruction.
#[derive(Args)]
pub struct ReturnTitle {
    /// The consignment: its address, GTIN/LOT[#UNIT], or its SSCC
    consignment: ConsignmentRef,
    #[command(flatten)]
    document: Document,
}

impl ReturnTitle {
    pub async fn run(self, context: &Context) -> Result<Answer> {
        let consignment = self.consignment.resolve(&context.ledger).await?;
        let document_hash = self.document.hash();
        let plan = return_title(&context.actor()?, &consignment, document_hash).await?;
        send(context, plan).await?;
        Ok(Answer::Yes)
    }
}

/// Claim the price of units that the site had title to when they were recalled, and gave up.
///
/// It returned its own goods to another firm, or they were destroyed, by whomever. Each unit is paid for
/// once, and the site's own key signs.
#[derive(Args)]
pub struct Claim {
    #[command(flatten)]
    evidence: DepartureArguments,
    /// The tranche that pays, as `pedigree recall status` numbers them [default: the one that pays most]
    #[arg(long, value_name = "N")]
    tranche: Option<u32>,
    /// The token account that is paid [default: the site key's associated one]
    #[arg(long, value_parser = parse_address, value_name = "ADDRESS")]
    to: Option<Pubkey>,
}

impl Claim {
    pub async fn run(self, context: &Context) -> Result<Answer> {
        let DepartureArguments {
            recall,
            evidence,
            site,
        } = self.evidence;
        let recall = recall.resolve(&context.ledger).await?;
        let actor = context.actor()?;
        let plan = claim(&actor, &recall, evidence, site, self.tranche, self.to).await?;
        send(context, plan).await?;
        Ok(Answer::Yes)
    }
}

/// Take back what a recall did not pay out: for who funded it, 180 days after the recall's end.
#[derive(Args)]
pub struct Withdraw {
    recall: RecallRef,
    /// The tranche, as `pedigree recall status` numbers them [default: all that the site funded]
    #[arg(long, value_name = "N")]
    tranche: Option<u32>,
    /// GLN of the site that funded it [default: the manufacturer's]
    #[arg(long)]
    site: Option<Gln>,
    /// The token account that gets it [default: the site key's associated one]
    #[arg(long, value_parser = parse_address, value_name = "ADDRESS")]
    to: Option<Pubkey>,
}

impl Withdraw {
    pub async fn run(self, context: &Context) -> Result<Answer> {
        let recall = self.recall.resolve(&context.ledger).await?;
        let actor = context.actor()?;
        let plan = withdraw(&actor, &recall, self.site, self.tranche, self.to).await?;
        send(context, plan).await?;
        Ok(Answer::Yes)
    }
}
