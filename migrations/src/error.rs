//! Why a step fails.

use solana_client::client_error::ClientError;
use solana_pubkey::Pubkey;

use crate::program::Program;

pub type Result<T> = std::result::Result<T, Error>;

/// Every failure of this library. The messages say what to do next.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    #[error(transparent)]
    Client(#[from] pedigree_client::Error),

    /// A program is missing: the cluster is not ready, or not the intended one.
    #[error(
        "the program {program} ({}) is not deployed on this cluster; check the URL, or build the \
         programs with `cargo xtask build` and deploy them with `anchor deploy`",
        program.id()
    )]
    NotDeployed { program: Program },

    /// The registry was initialised for another authority.
    #[error(
        "the registry's authority is {actual}, not {asked}; run again with the keypair of {actual} \
         as the registry's authority, or have {actual} transfer the registry to {asked} first"
    )]
    OtherAuthority { actual: Pubkey, asked: Pubkey },

    /// Another key may upgrade the program.
    #[error(
        "the upgrade authority of the program {program} is {actual}, not {asked}; run again with \
         the keypair of {actual} as the upgrade authority"
    )]
    OtherUpgradeAuthority {
        program: Program,
        actual: Pubkey,
        asked: Pubkey,
    },
}

impl From<ClientError> for Error {
    fn from(error: ClientError) -> Self {
        Self::Client(pedigree_client::Error::Rpc(Box::new(error)))
    }
}
