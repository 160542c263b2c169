//! The site that answers, and its sources.

use std::{sync::Arc, time::Duration};

use chrono::Utc;
use pedigree_client::{Ledger, identifier::Gln};
use pedigree_manifest::Manifests;
use pedigree_verify::pack::verify_pack;
use tokio::time::timeout;

use crate::{
    answer::{Answer, Verification},
    request::Request,
};

/// A site that answers for its products.
pub struct Responder {
    /// The site's GLN, which is in each answer.
    pub gln: Gln,
    /// The ledger.
    pub ledger: Ledger,
    /// The manifests of the products that it answers for.
    pub manifests: Arc<Manifests>,
    /// How long the ledger may take to answer.
    pub patience: Duration,
}

impl Responder {
    /// Answers a request.
    pub(crate) async fn answer(&self, request: &Request) -> Answer {
        let label = &request.label;
        if !self.manifests.has_product(label.gtin.number()) {
            return Answer::OtherProduct;
        }
        let now = Utc::now().timestamp();
        let verification = verify_pack(&self.ledger, &self.manifests, label.clone(), now);
        match timeout(self.patience, verification).await {
            Ok(Ok(pack)) => Answer::Verification(Verification::of(&pack)),
            Ok(Err(error)) => {
                tracing::warn!(%error, "a verification failed");
                Answer::Unavailable
            }
            Err(_) => {
                tracing::warn!(patience = ?self.patience, "the ledger was too slow");
                Answer::Unavailable
            }
        }
    }

    /// Whether the ledger answers.
    pub(crate) async fn is_ready(&self) -> bool {
        let slot = timeout(self.patience, self.ledger.rpc().get_slot()).await;
        matches!(slot, Ok(Ok(_)))
    }
}
