use anchor_lang::prelude::*;

use crate::{errors::RegistryError, state::NO_KEY};

/// The register itself: who may appoint issuers.
///
/// | offset | size | field | unit |
/// |---|---|---|---|
/// | 0 | 8 | discriminator | SHA-256("account:Registry"), first 8 bytes |
/// | 8 | 32 | `authority` | key; a multisig in practice |
/// | 40 | 32 | `pending_authority` | key, or zeros |
/// | 72 | 1 | `bump` | |
/// | 73 | 7 | padding | zeros |
#[account]
#[derive(Debug)]
pub struct Registry {
    /// Adds and removes issuers, and reassigns partners between them.
    pub authority: Address,
    /// Named by `propose_authority`; takes over by signing `accept_authority`.
    pub pending_authority: Address,
    pub bump: u8,
    pub _padding: [u8; 7],
}

impl Registry {
    pub const SEED: &'static [u8] = b"registry";

    /// Refuses what no stored account may hold.
    pub fn invariant(&self) -> Result<()> {
        require!(self.authority != NO_KEY, RegistryError::ZeroAddress);
        Ok(())
    }
}
