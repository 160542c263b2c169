//! A trading partner's site as it signs: by its own key, or by an operator's.

use pedigree_domain::identifier::Gln;
use solana_pubkey::Pubkey;

use crate::address;

/// A site, and the key that signs for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Site {
    /// The site's Global Location Number.
    pub gln: Gln,
    /// Address of its `Partner` account.
    pub partner: Pubkey,
    /// The key that signs: the site's own, or an operator's.
    pub key: Pubkey,
    /// Address of the `Operator` account, if the key is an operator's.
    pub operator: Option<Pubkey>,
}

impl Site {
    /// The site `gln`, which signs with `key`, its own.
    pub fn own(gln: Gln, key: Pubkey) -> Self {
        Self {
            gln,
            partner: address::partner(gln),
            key,
            operator: None,
        }
    }

    /// The site `gln`, for which `key` signs as one of its operators.
    ///
    /// Whether that operator was appointed, and may do this, is for the programs to check.
    pub fn by_operator(gln: Gln, key: Pubkey) -> Self {
        let own = Self::own(gln, key);
        Self {
            operator: Some(address::operator(&own.partner, &key)),
            ..own
        }
    }
}
