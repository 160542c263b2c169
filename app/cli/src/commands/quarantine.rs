//! `pedigree quarantine`

use anyhow::Result;
use clap::Args;
use pedigree_client::{
    identifier::Gln,
    instruction::custody::{quarantine, quarantine_lot},
};

use crate::{Answer, arguments::Subject, context::Context};

/// Keep a consignment or a lot from going down the chain.
///
/// A consignment is set aside by its custodian, a whole lot by its manufacturer or a regulator.
#[derive(Args)]
pub struct Quarantine {
    #[command(flatten)]
    subject: Subject,
    /// GLN of the site that quarantines a lot [default: the acting keypair's]
    #[arg(long, requires = "lot")]
    site: Option<Gln>,
}

impl Quarantine {
    pub async fn run(self, context: &Context) -> Result<Answer> {
        let (purpose, instruction) = if let Some(lot) = self.subject.lot {
            let site = context.own_site(self.site).await?;
            let site = context.acting_for(site).await?;
            (
                format!("quarantine the whole lot {lot}"),
                quarantine_lot(site, lot.address()),
            )
        } else {
            let (address, consignment) = self.subject.consignment(&context.ledger).await?;
            let custodian = context.acting_for(consignment.custodian).await?;
            (
                format!("quarantine {} units", consignment.quantity),
                quarantine(custodian, address),
            )
        };
        context.execute(&purpose, instruction).await?;
        Ok(Answer::Yes)
    }
}
