//! `pedigree recover`

use anyhow::Result;
use clap::Args;
use pedigree_client::{
    identifier::Gln,
    planning::recovery::{Recovery, recover},
    reference::ConsignmentRef,
};

use crate::{
    answer::Answer, arguments::Document, context::Context, cosigner::key_of_site,
    sending::send_with, signing_key::KeySource,
};

/// Have goods brought that their custodian does not send, or that were found after a theft.
///
/// Signed by a regulator, whose keypair acts, and by the receiver; an owner alone cannot. Title stays, and so do
/// cases, recalls and restrictions. The goods count as returned, and stolen ones as condemned. An open offer of
/// them ends.
#[derive(Args)]
pub struct Recover {
    /// The consignment: its address, GTIN/LOT[#UNIT], or its SSCC
    consignment: ConsignmentRef,
    /// GLN of the receiving site
    #[arg(long)]
    to: Gln,
    /// Keypair of the receiving site, or of its operator; or the address of one that signs later [default: the
    /// address of the site's own]
    #[arg(long, value_name = "KEYPAIR")]
    to_keypair: Option<KeySource>,
    /// GLN of the regulator [default: the acting keypair's]
    #[arg(long)]
    site: Option<Gln>,
    #[command(flatten)]
    document: Document,
}

impl Recover {
    pub async fn run(self, context: &Context) -> Result<Answer> {
        let to_key = key_of_site(context, self.to, self.to_keypair.as_ref()).await?;
        let consignment = self.consignment.resolve(&context.ledger).await?;
        let recovery = Recovery {
            to: self.to,
            to_key: to_key.address(),
            regulator: self.site,
            document_hash: self.document.hash(),
        };
        let plan = recover(&context.actor()?, &consignment, &recovery).await?;
        send_with(context, plan, &[&to_key]).await?;
        Ok(Answer::Yes)
    }
}
