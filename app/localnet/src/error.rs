//! What can go wrong with a local ledger, each with what to do about it.

use std::{io, net::SocketAddr, path::PathBuf};

use solana_pubkey::Pubkey;

/// The result of a local ledger's operations.
pub type Result<T> = std::result::Result<T, LocalnetError>;

/// Why a local ledger could not start, change or stop.
#[derive(Debug, thiserror::Error)]
pub enum LocalnetError {
    /// Another program listens on the port.
    #[error("port {port} is in use: pass another with {flag}, or stop what listens there")]
    PortInUse {
        /// The port asked for.
        port: u16,
        /// The command-line flag that chooses it: `--rpc-port` or `--ws-port`.
        flag: &'static str,
    },

    /// The address cannot be listened on, for another reason than a port in use.
    #[error(
        "cannot listen on {address}: {source}; choose an address of this machine and a port above 1023"
    )]
    Bind {
        /// The address asked for.
        address: SocketAddr,
        /// What the system said.
        source: io::Error,
    },

    /// The ledger's folder cannot be read or written.
    #[error("cannot use the ledger folder {path}: {source}; choose a folder that you may write to")]
    Folder {
        /// The folder, or the file in it.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },

    /// Another local ledger has the folder open.
    #[error("the ledger in {path} is already running: stop it first, or choose another folder")]
    InUse {
        /// The folder.
        path: PathBuf,
    },

    /// The folder holds something else than a ledger of ours.
    #[error(
        "{path} holds something else than a Pedigree ledger: choose an empty folder, or one that does not exist yet"
    )]
    Foreign {
        /// The folder.
        path: PathBuf,
    },

    /// The folder's ledger was written by a release with another layout.
    #[error(
        "the ledger in {path} has format {found}, this release reads format {expected}: choose an empty folder, or use the release that wrote it"
    )]
    Format {
        /// The folder.
        path: PathBuf,
        /// The format found.
        found: i32,
        /// The format that this release reads and writes.
        expected: i32,
    },

    /// The folder's ledger cannot be read any more.
    #[error(
        "the ledger in {path} is damaged ({reason}): restore a copy of the folder, or delete it to start over"
    )]
    Damaged {
        /// The folder.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },

    /// A program cannot be deployed.
    #[error("cannot deploy program {id}: {reason}; build it again for sBPF v3")]
    Program {
        /// The program's address.
        id: Pubkey,
        /// What the loader said.
        reason: String,
    },

    /// An account cannot be put on the ledger.
    #[error("cannot put an account at {address}: {reason}; give it the rent that its size needs")]
    Account {
        /// Where it should be.
        address: Pubkey,
        /// What the ledger said.
        reason: String,
    },

    /// An account cannot be funded.
    #[error("cannot fund {account} with {lamports} lamports: {reason}")]
    Airdrop {
        /// The account.
        account: Pubkey,
        /// The balance asked for.
        lamports: u64,
        /// What the ledger said.
        reason: String,
    },

    /// The ledger's clock cannot be moved there.
    #[error(
        "cannot move the ledger's clock to {unix_timestamp}: {reason}; the clock only moves forward"
    )]
    Clock {
        /// The time asked for, in seconds since the Unix epoch.
        unix_timestamp: i64,
        /// What the ledger said.
        reason: String,
    },

    /// The node failed.
    #[error("the local ledger failed: {0}; start it again")]
    Node(String),
}
