//! `pedigree recall respond`

use anyhow::Result;
use chrono::Utc;
use clap::Args;
use pedigree_client::{
    effectiveness::standing,
    identifier::Gln,
    instruction::recall::{self as instruction, Count},
};
use solana_signer::Signer;

use super::RecallRef;
use crate::{Answer, context::Context};

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
    pub async fn run(self, context: &Context) -> Result<Answer> {
        let (address, _) = self.recall.get(&context.ledger).await?;
        let gln = context.own_site(self.site).await?;
        let standing = standing(&context.ledger, &address).await?;
        let own = standing.sites.get(&Gln::from_account(gln));
        let own = own.copied().unwrap_or_default();
        let before = own.response;
        let as_shown = |shown: u64| u32::try_from(shown).unwrap_or(u32::MAX);
        let present = as_shown(own.shown.present);
        // What was set aside stays so, as far as it is still there.
        let quarantined = self.quarantined.unwrap_or_else(|| {
            let not_held = present.saturating_sub(self.held.unwrap_or(0));
            before.map_or(0, |it| it.quarantined).min(not_held)
        });
        let held = self.held.unwrap_or(present.saturating_sub(quarantined));
        let count = Count {
            held,
            quarantined,
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
