//! `pedigree release`

use anyhow::Result;
use clap::Args;
use pedigree_client::{
    identifier::Gln,
    instruction::custody::{release, release_lot},
};

use crate::{Answer, arguments::Subject, context::Context};

/// End a quarantine.
///
/// A consignment is released by its custodian, a whole lot by whoever quarantined it or a
/// regulator.
#[derive(Args)]
pub struct Release {
    #[command(flatten)]
    subject: Subject,
    /// GLN of the site that releases a lot [default: the acting keypair's]
    #[arg(long, requires = "lot")]
    site: Option<Gln>,
}

impl Release {
    pub async fn run(self, context: &Context) -> Result<Answer> {
        let (purpose, instruction) = if let Some(lot) = self.subject.lot {
            let site = context.own_site(self.site).await?;
            let site = context.acting_for(site).await?;
            (
                format!("release the whole lot {lot}"),
                release_lot(site, lot.address()),
            )
        } else {
            let (address, consignment) = self.subject.consignment(&context.ledger).await?;
            let custodian = context.acting_for(consignment.custodian).await?;
            (
                format!("release {} units", consignment.quantity),
                release(custodian, address),
            )
        };
        context.execute(&purpose, instruction).await?;
        Ok(Answer::Yes)
    }
}
