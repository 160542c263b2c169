//! Errors of local ledgers, each with a remedy.

use std::{io, net::SocketAddr, path::PathBuf};

use solana_pubkey::Pubkey;

/// The result of a local ledger's operations.
pub type Result<T> = std::result::Result<T, LocalnetError>;

/// Why a local ledger cannot be started, changed or stopped.
#[derive(Debug, thiserror::Error)]
pub enum LocalnetError {
    /// Another program listens on the port.
    #[error("port {port} is in use: pass another with {flag}, or stop what listens there")]
    PortInUse {
        /// The requested port.
        port: u16,
        /// The command-line flag that chooses it: `--rpc-port` or `--ws-port`.
        flag: &'static str,
    },

    /// The address cannot be listened on, for a reason other than a port in use.
    #[error(
        "cannot listen on {address}: {source}; choose an address of this machine and a port above 1023"
    )]
    Bind {
        /// The requested address.
        address: SocketAddr,
        /// The error of the operating system.
        source: io::Error,
    },

    /// The ledger's folder cannot be read or written.
    #[error("cannot use the ledger folder {path}: {source}; choose a folder that you may write to")]
    Folder {
        /// The folder, or the file in it.
        path: PathBuf,
        /// The error of the operating system.
        source: io::Error,
    },

    /// Another local ledger has the folder open.
    #[error("the ledger in {path} is already running: stop it first, or choose another folder")]
    InUse {
        /// The folder.
        path: PathBuf,
    },

    /// The folder contains something other than a Pedigree ledger.
    #[error(
        "{path} contains something other than a Pedigree ledger: choose an empty or new folder"
    )]
    Foreign {
        /// The folder.
        path: PathBuf,
    },

    /// The ledger in the folder was written by a release with another format.
    #[error(
        "the ledger in {path} has format {found}, but this release reads format {expected}: choose an empty folder, or use the release that wrote it"
    )]
    Format {
        /// The folder.
        path: PathBuf,
        /// The format found.
        found: i32,
        /// The format of this release.
        expected: i32,
    },

    /// The ledger in the folder cannot be read.
    #[error(
        "the ledger in {path} is damaged ({reason}): restore the folder from a backup, or delete it to start over"
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
        /// The error of the loader.
        reason: String,
    },

    /// An account cannot be created.
    #[error("cannot create the account {address}: {reason}; give it the rent for its size")]
    Account {
        /// The account's address.
        address: Pubkey,
        /// The error of the node.
        reason: String,
    },

    /// An account cannot be funded.
    #[error("cannot fund {account} with {lamports} lamports: {reason}")]
    Airdrop {
        /// The account.
        account: Pubkey,
        /// The requested balance.
        lamports: u64,
        /// The error of the node.
        reason: String,
    },

    /// The ledger's clock cannot be moved there.
    #[error(
        "cannot move the ledger's clock to {unix_timestamp}: {reason}; the clock only moves forward"
    )]
    Clock {
        /// The requested time, in seconds since the Unix epoch.
        unix_timestamp: i64,
        /// The error of the node.
        reason: String,
    },

    /// The node failed.
    #[error("the local ledger failed: {0}; start it again")]
    Node(String),
}
