//! Why a step cannot be done.

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

    /// A program is not there, so the cluster is not ready or not the one that was meant.
    #[error(
        "the program {program} ({}) is not deployed on this cluster: check the URL, or build the \
         programs with `cargo xtask build` and deploy them with `anchor deploy`",
        program.id()
    )]
    NotDeployed { program: Program },

    /// The registry was initialised for somebody else.
    #[error(
        "the registry's authority is {actual}, not {asked}: run again with the keypair of {actual} \
         as the registry's authority, or let {actual} hand the registry over first"
    )]
    OtherAuthority { actual: Pubkey, asked: Pubkey },

    /// Somebody else may upgrade the program.
    #[error(
        "the upgrade authority of the program {program} is {actual}, not {asked}: run again with \
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
