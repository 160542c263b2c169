//! An issuer as it signs.

use solana_pubkey::Pubkey;

use crate::address;

/// An issuer, and the key that signs for it.
///
/// The account's address follows from the issuer's first key. A key alone stands for an issuer that still
/// has it; after a rotation, name the account as well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IssuerSigner {
    /// Address of its `Issuer` account.
    pub issuer: Pubkey,
    /// The key that signs.
    pub key: Pubkey,
}

impl From<Pubkey> for IssuerSigner {
    fn from(key: Pubkey) -> Self {
        Self {
            issuer: address::issuer(&key),
            key,
        }
    }
}
