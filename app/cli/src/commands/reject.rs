//! `pedigree reject`

use anyhow::Result;
use clap::{Args, builder::PossibleValuesParser};
use pedigree_client::{custody::ExceptionCode, instruction::custody::reject};
use solana_signer::Signer;

use crate::{Answer, arguments::ConsignmentRef, context::Context};

/// Refuses a consignment on offer, saying why; signed by the receiving site.
#[derive(Args)]
pub struct Reject {
    /// Address of the consignment, or GTIN/LOT for a lot's first one
    consignment: ConsignmentRef,
    /// What is wrong
    #[arg(long, value_parser = PossibleValuesParser::new(reasons()))]
    reason: String,
}

/// The names of the exceptions that a receiver can raise.
fn reasons() -> impl Iterator<Item = &'static str> {
    ExceptionCode::ALL
        .iter()
        .filter(|code| **code != ExceptionCode::None)
        .filter_map(|code| code.name())
}

impl Reject {
    pub async fn run(self, context: &Context) -> Result<Answer> {
        let (address, consignment) = self.consignment.get(&context.ledger).await?;
        let transfer = context.ledger.open_transfer(&address, &consignment).await?;
        let exception = ExceptionCode::parse(&self.reason).unwrap_or(ExceptionCode::None);
        let acting = context.keypair()?.pubkey();
        let instruction = reject(acting, transfer.to, address, transfer.sequence, exception);
        let purpose = format!("refuse {} units ({exception})", consignment.quantity);
        context.execute(&purpose, instruction).await?;
        Ok(Answer::Yes)
    }
}
