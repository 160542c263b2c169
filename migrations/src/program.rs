//! The programs that the steps set up.

use std::fmt;

use pedigree_client::{custody, recall, registry};
use solana_pubkey::Pubkey;

/// One of Pedigree's programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Program {
    Registry,
    Custody,
    Recall,
}

impl Program {
    pub const ALL: [Self; 3] = [Self::Registry, Self::Custody, Self::Recall];

    pub const fn id(self) -> Pubkey {
        match self {
            Self::Registry => registry::ID,
            Self::Custody => custody::ID,
            Self::Recall => recall::ID,
        }
    }

    /// The program's IDL at this version, in Anchor's JSON.
    pub const fn idl(self) -> &'static str {
        match self {
            Self::Registry => include_str!("../../idl/registry.json"),
            Self::Custody => include_str!("../../idl/custody.json"),
            Self::Recall => include_str!("../../idl/recall.json"),
        }
    }
}

impl fmt::Display for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Registry => "registry",
            Self::Custody => "custody",
            Self::Recall => "recall",
        })
    }
}
