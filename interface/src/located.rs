use std::ops::Deref;

use solana_pubkey::Pubkey;

/// An account's fields together with the account's address.
///
/// It dereferences to the fields, so that `consignment.custodian` and `consignment.address` stand
/// side by side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Located<T> {
    /// Where the account is.
    pub address: Pubkey,
    /// What it held when it was read.
    pub account: T,
}

impl<T> Located<T> {
    /// The account that was read from `address`.
    pub const fn new(address: Pubkey, account: T) -> Self {
        Self { address, account }
    }
}

impl<T> Deref for Located<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.account
    }
}
