//! Who watches a destruction.

use pedigree_interface::{identifier::Gln, site::Site};
use solana_pubkey::Pubkey;

use crate::{
    actor::{acting_site, likely_site},
    error::Result,
    ledger::Ledger,
};

/// The witness of a destruction (21 CFR 1317.95): of another site than the custodian's, or an operator
/// of the custodian's that may witness.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Witness {
    /// The key that signs.
    pub key: Pubkey,
    /// The site that the witness belongs to; `None` for the custodian's if the key may act for it, else
    /// for the only one that the key may act for.
    pub site: Option<Gln>,
}

impl Witness {
    pub(super) async fn acting(&self, ledger: &Ledger, custodian: Gln) -> Result<Site> {
        match self.site {
            Some(gln) => acting_site(ledger, gln, self.key).await,
            None => likely_site(ledger, &self.key, &[custodian]).await,
        }
    }
}
