use pedigree_domain::{Record, ensure, text};
use solana_address::Address;

use crate::{
    error::{RegistryError, Result},
    state::NO_KEY,
};

/// A body that vouches for partners: a national board of pharmacy, a credential issuer.
///
/// | offset | size | field | unit |
/// |---|---|---|---|
/// | 0 | 8 | discriminator | SHA-256("account:Issuer"), first 8 bytes |
/// | 8 | 32 | `key` | |
/// | 40 | 64 | `name` | UTF-8, then zeros |
/// | 104 | 8 | `added_at` | Unix seconds |
/// | 112 | 1 | `bump` | |
/// | 113 | 7 | padding | zeros |
#[cfg_attr(feature = "anchor", anchor_lang::account)]
#[cfg_attr(
    not(feature = "anchor"),
    repr(C),
    derive(Clone, Copy, bytemuck::Pod, bytemuck::Zeroable)
)]
#[derive(Debug)]
pub struct Issuer {
    /// Signs for the body.
    pub key: Address,
    pub name: [u8; 64],
    pub added_at: i64,
    pub bump: u8,
    pub _padding: [u8; 7],
}

impl Record for Issuer {
    const NAME: &'static str = "Issuer";
    const PROGRAM: Address = crate::ID;
    const DISCRIMINATOR: [u8; 8] = [216, 19, 83, 230, 108, 53, 80, 14];
}

impl Issuer {
    pub const SEED: &'static [u8] = b"issuer";

    /// Lets the body that signs with `key` vouch for partners from Unix time `now` on.
    pub fn add_issuer(&mut self, key: &Address, name: &[u8; 64], now: i64) -> Result {
        self.key = *key;
        self.name = *name;
        self.added_at = now;
        self.invariant()
    }

    /// Refuses what no stored account may hold.
    pub fn invariant(&self) -> Result {
        ensure!(self.key != NO_KEY, RegistryError::ZeroAddress);
        ensure!(text::is_padded_text(&self.name), RegistryError::InvalidName);
        Ok(())
    }
}
