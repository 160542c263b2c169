//! `pedigree recall expand`

use anyhow::Result;
use clap::Args;
use pedigree_client::{
    identifier::Gln,
    instruction::recall::{self as instruction, Recalled},
};

use super::{RecallRef, Run, terms::NoticeArguments};
use crate::{Answer, context::Context};

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
    pub async fn run(self, context: &Context) -> Result<Answer> {
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
