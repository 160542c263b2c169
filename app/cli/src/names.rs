//! What sites are called.

use std::collections::BTreeMap;

use anyhow::Result;
use pedigree_client::{Ledger, identifier::Gln};

use crate::words::partner_name;

/// Names by GLN, as the registry has them today.
pub struct SiteNames(BTreeMap<Gln, String>);

impl SiteNames {
    /// Reads the names of the sites with these GLNs.
    pub async fn read(ledger: &Ledger, glns: impl IntoIterator<Item = Gln>) -> Result<Self> {
        let partners = ledger.partners(glns).await?;
        let names = partners
            .iter()
            .map(|(gln, partner)| (*gln, partner_name(partner)));
        Ok(Self(names.collect()))
    }

    /// Name and GLN, or the GLN alone of a site that is not in the registry.
    pub fn of(&self, gln: Gln) -> String {
        self.0.get(&gln).cloned().unwrap_or_else(|| gln.to_string())
    }
}
