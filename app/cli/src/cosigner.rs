//! The other key that signs: another company's, a witness's or an authority's.

use anyhow::Result;
use pedigree_client::{Located, address, identifier::Gln, planning::Witness, registry::Partner};

use crate::{
    context::Context,
    signing_key::{Key, KeySource},
};

/// The key that signs for the site `gln`: the one that is named, or else the site's own, which signs
/// elsewhere.
pub async fn key_of_site(context: &Context, gln: Gln, named: Option<&KeySource>) -> Result<Key> {
    if let Some(source) = named {
        return source.load();
    }
    let partner: Located<Partner> = context.ledger.get(&address::partner(gln)).await?;
    Ok(Key::elsewhere(partner.authority))
}

/// The witness with this key, of the site that is named or found by the key.
pub fn load_witness(source: &KeySource, site: Option<Gln>) -> Result<(Witness, Key)> {
    let key = source.load()?;
    let witness = Witness {
        key: key.address(),
        site,
    };
    Ok((witness, key))
}
