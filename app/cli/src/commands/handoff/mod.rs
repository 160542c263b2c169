//! `pedigree handoff`

mod request;

use anyhow::Result;
use clap::Args;
use pedigree_client::{
    handoff_request::RequestTerms,
    identifier::Gln,
    planning::handoffs::{Handoff as Terms, hand_over},
    reference::ConsignmentRef,
};

use self::request::RequestOptions;
use crate::{
    answer::Answer, arguments::TransferTerms, context::Context, cosigner::key_of_site,
    sending::send_with, signing_key::KeySource,
};

/// Hand consignments over at once, signed by both sites.
///
/// Several are handed over in as few transactions as they fit in, each of which hands over all of its
/// consignments or none. An SSCC stands for everything in the package. The acting keypair is the
/// sender's. Without the receiver's keypair, it is signed at the dock, by --request, or by file, with
/// --sign-only.
#[derive(Args)]
pub struct Handoff {
    /// Each one's address, GTIN/LOT[#UNIT], or the SSCC of a package
    #[arg(required = true, value_name = "CONSIGNMENT")]
    consignments: Vec<ConsignmentRef>,
    /// GLN of the receiving site
    #[arg(long)]
    to: Gln,
    /// Keypair of the receiving site, or of its operator; or the address of one that signs later [default: the
    /// address of the site's own]
    #[arg(long, value_name = "KEYPAIR")]
    to_keypair: Option<KeySource>,
    #[command(flatten)]
    terms: TransferTerms,
    #[command(flatten)]
    request: RequestOptions,
}

impl Handoff {
    pub async fn run(self, context: &Context) -> Result<Answer> {
        let mut consignments = Vec::new();
        for consignment in self.consignments {
            consignments.extend(consignment.resolve_all(&context.ledger).await?);
        }
        let (kind, document_hash) = (self.terms.kind.into(), self.terms.document.hash());
        let to = self.to;
        if self.request.is_asked_for() {
            let terms = RequestTerms {
                to,
                kind,
                document_hash,
            };
            return self.request.run(context, consignments, terms).await;
        }
        let to_key = key_of_site(context, to, self.to_keypair.as_ref()).await?;
        let terms = Terms {
            to,
            to_key: to_key.address(),
            kind,
            document_hash,
        };
        let plan = hand_over(&context.actor()?, &consignments, &terms).await?;
        send_with(context, plan, &[&to_key]).await?;
        Ok(Answer::Yes)
    }
}
