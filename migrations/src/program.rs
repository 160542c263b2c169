//! The programs that the steps are about.

use std::fmt;

use pedigree_client::{custody, registry};
use solana_pubkey::Pubkey;

/// One of Pedigree's programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Program {
    Registry,
    Custody,
}

impl Program {
    pub const ALL: [Self; 2] = [Self::Registry, Self::Custody];

    pub const fn id(self) -> Pubkey {
        match self {
            Self::Registry => registry::ID,
            Self::Custody => custody::ID,
        }
    }

    /// The IDL that this build's instructions come from: Anchor's JSON.
    pub const fn idl(self) -> &'static str {
        match self {
            Self::Registry => include_str!("../../idl/registry.json"),
            Self::Custody => include_str!("../../idl/custody.json"),
        }
    }
}

impl fmt::Display for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Registry => "registry",
            Self::Custody => "custody",
        })
    }
}
