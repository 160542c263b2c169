//! What a recall pays for, and with what.

use anyhow::Result;
use clap::Args;
use pedigree_client::{
    identifier::Gln,
    instruction::recall::Funding,
    planning::compensation::{claim, fund, prove, withdraw},
    reference::RecallRef,
    token::Mint,
};
use solana_pubkey::Pubkey;

use crate::{
    answer::Answer,
    context::{Context, parse_address},
    sending::send,
};

/// Put money into a recall that pays for what comes back: for the manufacturer.
#[derive(Args)]
pub struct Fund {
    recall: RecallRef,
    /// The token's mint; decided by the first funding
    #[arg(long, value_parser = parse_address)]
    mint: Pubkey,
    /// How much
    #[arg(long)]
    amount: String,
    /// What the recall pays for each unit; may rise, never fall
    #[arg(long, value_name = "AMOUNT")]
    unit_price: String,
    /// The token account that pays [default: the site key's associated one]
    #[arg(long, value_parser = parse_address, value_name = "ADDRESS")]
    from: Option<Pubkey>,
}

impl Fund {
    pub async fn run(self, context: &Context) -> Result<Answer> {
        let recall = self.recall.resolve(&context.ledger).await?;
        let mint = Mint::read(&context.ledger, self.mint).await?;
        let funding = Funding {
            amount: mint.amount(&self.amount)?,
            unit_price: mint.amount(&self.unit_price)?,
        };
        let plan = fund(&context.actor()?, &recall, &mint, funding, self.from).await?;
        send(context, plan).await?;
        Ok(Answer::Yes)
    }
}

/// What shows that units came back or were destroyed.
#[derive(Args)]
struct Evidence {
    recall: RecallRef,
    /// The accepted return's transfer, or the destroyed consignment
    #[arg(value_parser = parse_address)]
    evidence: Pubkey,
    /// GLN of the site that returned or destroyed them [default: the acting keypair's]
    #[arg(long)]
    site: Option<Gln>,
}

/// Have units counted that the ledger shows the site returned or destroyed.
///
/// The site answers first. What is proven cannot be answered lower.
#[derive(Args)]
pub struct Prove {
    #[command(flatten)]
    evidence: Evidence,
}

impl Prove {
    pub async fn run(self, context: &Context) -> Result<Answer> {
        let Evidence {
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

/// Claim the price of units that the ledger shows the site returned or destroyed.
///
/// Each unit is paid for once, whoever claims it. The site answers first.
#[derive(Args)]
pub struct Claim {
    #[command(flatten)]
    evidence: Evidence,
    /// The token account that is paid [default: the site key's associated one]
    #[arg(long, value_parser = parse_address, value_name = "ADDRESS")]
    to: Option<Pubkey>,
}

impl Claim {
    pub async fn run(self, context: &Context) -> Result<Answer> {
        let Evidence {
            recall,
            evidence,
            site,
        } = self.evidence;
        let recall = recall.resolve(&context.ledger).await?;
        let plan = claim(&context.actor()?, &recall, evidence, site, self.to).await?;
        send(context, plan).await?;
        Ok(Answer::Yes)
    }
}

/// Take back what a terminated recall did not pay out: for the manufacturer.
#[derive(Args)]
pub struct Withdraw {
    recall: RecallRef,
    /// The token account that gets it [default: the site key's associated one]
    #[arg(long, value_parser = parse_address, value_name = "ADDRESS")]
    to: Option<Pubkey>,
}

impl Withdraw {
    pub async fn run(self, context: &Context) -> Result<Answer> {
        let recall = self.recall.resolve(&context.ledger).await?;
        let plan = withdraw(&context.actor()?, &recall, self.to).await?;
        send(context, plan).await?;
        Ok(Answer::Yes)
    }
}
