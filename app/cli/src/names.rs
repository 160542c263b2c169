//! What sites are called.

use std::collections::BTreeMap;

use anyhow::Result;
use pedigree_client::{Ledger, identifier::Gln};

use crate::arguments::partner_name;

/// Names by GLN, as the register has them today.
pub struct SiteNames(BTreeMap<Gln, String>);

impl SiteNames {
    /// Reads the names of the sites with these GLNs; 0 stands for none.
    pub async fn read(ledger: &Ledger, glns: impl IntoIterator<Item = u64>) -> Result<Self> {
        let glns = glns
            .into_iter()
            .filter(|gln| *gln != 0)
            .map(Gln::from_account);
        let partners = ledger.partners(glns).await?;
        Ok(Self(
            partners
                .iter()
                .map(|(gln, partner)| (*gln, partner_name(partner)))
                .collect(),
        ))
    }

    /// Name and GLN, or the GLN alone of a site that is not in the register.
    pub fn of(&self, gln: u64) -> String {
        let gln = Gln::from_account(gln);
        self.0.get(&gln).cloned().unwrap_or_else(|| gln.to_string())
    }

    /// The same, with `None` for the GLN 0.
    pub fn find(&self, gln: u64) -> Option<String> {
        (gln != 0).then(|| self.of(gln))
    }
}
