//! `pedigree recall expand`

use anyhow::Result;
use clap::Args;
use pedigree_client::{
    identifier::Gln, planning::recalls::expand, reference::RecallRef, units::UnitRange,
};

use super::terms::NoticeArguments;
use crate::{answer::Answer, context::Context, sending::send};

/// Recall more units of the lot: for the manufacturer, the site that holds the product now, or a
/// regulator.
#[derive(Args)]
pub struct Expand {
    recall: RecallRef,
    /// All units that are recalled from now on, including those that were before: FIRST-LAST
    #[arg(long, value_name = "RANGE")]
    units: UnitRange,
    #[command(flatten)]
    notice: NoticeArguments,
    /// GLN of the acting site [default: the acting keypair's]
    #[arg(long)]
    site: Option<Gln>,
}

impl Expand {
    pub async fn run(self, context: &Context) -> Result<Answer> {
        let (actor, recall) = (
            context.actor()?,
            self.recall.resolve(&context.ledger).await?,
        );
        let notice = self.notice.notice()?;
        let plan = expand(&actor, &recall, self.units, notice, self.site).await?;
        send(context, plan).await?;
        Ok(Answer::Yes)
    }
}
