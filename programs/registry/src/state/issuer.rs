use anchor_lang::prelude::*;
use pedigree_domain::text;

use crate::{errors::RegistryError, state::NO_KEY};

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
#[account]
#[derive(Debug)]
pub struct Issuer {
    /// Signs for the body.
    pub key: Address,
    pub name: [u8; 64],
    pub added_at: i64,
    pub bump: u8,
    pub _padding: [u8; 7],
}

impl Issuer {
    pub const SEED: &'static [u8] = b"issuer";

    /// Refuses what no stored account may hold.
    pub fn invariant(&self) -> Result<()> {
        require!(self.key != NO_KEY, RegistryError::ZeroAddress);
        require!(text::is_padded_text(&self.name), RegistryError::InvalidName);
        Ok(())
    }
}
