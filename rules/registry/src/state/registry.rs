use pedigree_domain::{Record, ensure};
use solana_address::Address;

use crate::{
    error::{RegistryError, Result},
    state::{Issuer, NO_KEY, present},
};

/// The register itself: who may appoint issuers.
///
/// | offset | size | field | unit |
/// |---|---|---|---|
/// | 0 | 8 | discriminator | SHA-256("account:Registry"), first 8 bytes |
/// | 8 | 32 | `authority` | key; a multisig in practice |
/// | 40 | 32 | `pending_authority` | key, or zeros |
/// | 72 | 1 | `bump` | |
/// | 73 | 1 | padding | zero |
/// | 74 | 2 | `key_changes` | at which the number of an issuer that is added begins |
/// | 76 | 4 | padding | zeros |
#[cfg_attr(feature = "anchor", anchor_lang::account)]
#[cfg_attr(
    not(feature = "anchor"),
    repr(C),
    derive(Clone, Copy, bytemuck::Pod, bytemuck::Zeroable)
)]
#[derive(Debug)]
pub struct Registry {
    /// Adds and removes issuers, and reassigns partners between them.
    pub authority: Address,
    /// Named by `propose_authority`; takes over by signing `accept_authority`.
    pub pending_authority: Address,
    pub bump: u8,
    pub _padding: u8,
    /// Above the [`Issuer::key_changes`] of every issuer that was removed: one that is added again does not vouch for
    /// what was admitted before.
    pub key_changes: u16,
    pub _rest: [u8; 4],
}

impl Record for Registry {
    const NAME: &'static str = "Registry";
    const PROGRAM: Address = crate::ID;
    const DISCRIMINATOR: [u8; 8] = [47, 174, 110, 246, 184, 182, 252, 218];
}

impl Registry {
    pub const SEED: &'static [u8] = b"registry";

    /// The key that is to be the next authority, if one was proposed.
    pub fn pending_authority(&self) -> Option<&Address> {
        present(&self.pending_authority)
    }

    /// Whether `signer` oversees a site whose issuer is `issuer`, or `None` if that was removed: the registry
    /// authority does, and the issuer's key.
    pub fn check_overseer(&self, signer: &Address, issuer: Option<&Issuer>) -> Result {
        let is_issuers = issuer.is_some_and(|issuer| *signer == issuer.key);
        ensure!(
            *signer == self.authority || is_issuers,
            RegistryError::NotOverseer
        );
        Ok(())
    }

    /// Starts the register under its first authority.
    pub fn initialize(&mut self, authority: Address) -> Result {
        self.authority = authority;
        self.invariant()
    }

    /// Names the next authority; the zero address withdraws the name.
    pub fn propose_authority(&mut self, pending: Address) -> Result {
        self.pending_authority = pending;
        self.invariant()
    }

    /// Makes `authority`, which was named and signs, the register's authority.
    pub fn accept_authority(&mut self, authority: Address) -> Result {
        self.authority = authority;
        self.pending_authority = NO_KEY;
        self.invariant()
    }

    /// Counts that `issuer` was removed: no admission of its keys until then is confirmed under one that is added
    /// later at the same address.
    pub fn remove_issuer(&mut self, issuer: &Issuer) -> Result {
        // The authority decides 65,535 times at most about the keys of one issuer.
        let after = issuer.key_changes.saturating_add(1);
        self.key_changes = self.key_changes.max(after);
        self.invariant()
    }

    /// Refuses what no stored account may hold.
    pub fn invariant(&self) -> Result {
        ensure!(self.authority != NO_KEY, RegistryError::ZeroAddress);
        Ok(())
    }
}
