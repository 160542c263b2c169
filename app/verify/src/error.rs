//! Why there is no verdict on a pack.

use pedigree_client::identifier::InvalidIdentifier;
use solana_pubkey::Pubkey;

use crate::{not_a_pack::NotAPack, verdict::FailureReason};

/// What the functions of this crate return.
pub type Result<T> = std::result::Result<T, Error>;

/// Every failure of this crate. A pack that is not verified is a verdict, not a failure.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The ledger could not be read or written.
    #[error(transparent)]
    Client(#[from] pedigree_client::Error),

    /// A manifest could not be read.
    #[error(transparent)]
    Manifest(#[from] pedigree_manifest::Error),

    /// The manifest is of another lot.
    #[error(
        "the manifest is of lot {lot_number} of {gtin:014}, not of the lot that was named: use that lot's \
         manifest"
    )]
    OtherLot {
        /// The GTIN of the manifest's lot.
        gtin: u64,
        /// The number of the manifest's lot.
        lot_number: String,
    },

    /// The manifest does not list the serial number.
    #[error("the manifest has no serial number {0}: set the pack aside")]
    UnknownSerial(String),

    /// The scan is not about a single pack.
    #[error(transparent)]
    NotAPack(#[from] NotAPack),

    /// A pack is not what its label says, or has left the chain.
    #[error("scan {place} is potentially suspect ({}): set the pack aside, and take over the others", .reason.code())]
    Suspect {
        /// Which scan it was, counted from 1.
        place: usize,
        /// Why.
        reason: FailureReason,
    },

    /// The key may not act for a site that dispenses.
    #[error("{0} acts for no site that dispenses: sign with the key of a pharmacy")]
    NoDispenser(Pubkey),

    /// The thread that read manifests ended before it had an answer.
    #[error("the manifests could not be read to the end ({0}): try again")]
    Interrupted(#[from] tokio::task::JoinError),
}

/// A manifest may hold a lot number that no account can.
impl From<InvalidIdentifier> for Error {
    fn from(error: InvalidIdentifier) -> Self {
        Self::Client(error.into())
    }
}
