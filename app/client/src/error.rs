//! What can go wrong between a client and the ledger.

use solana_client::client_error::ClientError;
use solana_pubkey::Pubkey;
use solana_signature::Signature;

use crate::{identifier::InvalidIdentifier, ledger::Record, refusal::Refusal};

pub type Result<T> = std::result::Result<T, Error>;

/// Every failure of this library. The messages say what to do next.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The endpoint did not answer, or not in time.
    #[error(
        "the RPC endpoint {url} does not answer ({reason}); check the address and the network, or \
         start a local ledger with `pedigree localnet`"
    )]
    Unreachable { url: String, reason: String },

    /// The endpoint answered with an error.
    #[error("the RPC endpoint refused the request: {0}")]
    Rpc(#[source] Box<ClientError>),

    /// The transaction cannot succeed: a program or the runtime refused it.
    #[error("{0}")]
    Refused(Box<Refusal>),

    /// An account that the operation needs does not exist.
    #[error("there is no {what} at {address}: {hint}")]
    Missing {
        what: &'static str,
        address: Pubkey,
        hint: &'static str,
    },

    /// An account is not what its address promises.
    #[error("the account {address} is no {what}: {reason}")]
    NotA {
        what: &'static str,
        address: Pubkey,
        reason: &'static str,
    },

    /// The key is neither the site's own nor an operator's that the site has appointed.
    #[error(
        "{key} may not act for {site}: sign with the key that its partner account names, or have \
         the site appoint this one as an operator"
    )]
    NotSitesKey { key: Pubkey, site: String },

    /// The consignment is no more, because another one took its units in.
    #[error("consignment {consignment} was merged into {into}: go on with that one")]
    Merged { consignment: Pubkey, into: Pubkey },

    /// A consignment was expected to be on offer.
    #[error("consignment {0} is not on offer: see its history with `pedigree trace`")]
    NotOffered(Pubkey),

    /// The transaction was not processed while it was valid, and never will be.
    #[error("transaction {0} was not processed in time and never will be: it is safe to try again")]
    Expired(Signature),

    /// Nobody can say yet whether the transaction was processed.
    #[error(
        "it is not known whether transaction {signature} was processed ({reason}); it cannot be \
         after block {last_valid_block_height}: look it up then, before trying again"
    )]
    InDoubt {
        signature: Signature,
        last_valid_block_height: u64,
        reason: String,
    },

    /// A signature could not be made.
    #[error("cannot sign: {0}")]
    Signing(String),

    #[error(transparent)]
    InvalidIdentifier(#[from] InvalidIdentifier),

    /// A manifest cannot be read.
    #[error(transparent)]
    Manifest(#[from] pedigree_manifest::Error),

    /// The thread that read manifests ended before it had an answer.
    #[error("the manifests could not be read to the end ({0}): try again")]
    Interrupted(String),

    /// The endpoint's history does not reach back far enough to re-compute a trail.
    #[error("{0}")]
    IncompleteHistory(String),
}

impl Error {
    /// There is no `T` at `address`.
    pub(crate) fn missing<T: Record>(address: &Pubkey) -> Self {
        Self::Missing {
            what: T::WHAT,
            address: *address,
            hint: T::HINT,
        }
    }
}
