//! The configuration of a local ledger.

use std::{
    net::{IpAddr, Ipv4Addr},
    path::PathBuf,
    time::Duration,
};

use solana_pubkey::Pubkey;
use surfpool_core::solana_account::Account;

use crate::programs::DeployedProgram;

/// The port on which Solana's tools expect JSON-RPC.
pub const DEFAULT_RPC_PORT: u16 = 8899;

/// The port on which Solana's tools expect the websocket: the one after [`DEFAULT_RPC_PORT`].
pub const DEFAULT_WS_PORT: u16 = 8900;

/// The duration of a slot on a cluster.
pub const DEFAULT_SLOT_TIME: Duration = Duration::from_millis(400);

/// The configuration of a local ledger.
#[derive(Clone, Debug)]
pub struct LocalnetConfig {
    /// The address to listen on; default 127.0.0.1. Anybody who can connect to it may request airdrops
    /// and send transactions.
    pub bind: IpAddr,
    /// The port of JSON-RPC; 0 selects a free one. Default [`DEFAULT_RPC_PORT`].
    pub rpc_port: u16,
    /// The port of the websocket; default [`DEFAULT_WS_PORT`]. 0 selects the one after the JSON-RPC port,
    /// where Solana's tools expect it, or any free one if that is in use and the JSON-RPC port is not 0
    /// as well.
    pub ws_port: u16,
    /// The folder for accounts and history, created if missing and used for nothing else. Default none:
    /// the ledger is kept in memory.
    pub ledger: Option<PathBuf>,
    /// The duration of a slot, from one millisecond to one day; default [`DEFAULT_SLOT_TIME`]. Other
    /// durations are clamped. With shorter slots, transactions are confirmed sooner, because that
    /// happens when their slot ends, and blockhashes, which are valid for 150 slots, expire sooner.
    pub slot_time: Duration,
    /// The programs to deploy before the first request; default none.
    pub programs: Vec<DeployedProgram>,
    /// Accounts, and the lamports that each has at least at the start; default none.
    pub airdrops: Vec<(Pubkey, u64)>,
    /// Accounts that exist from the start, for example copies from another cluster, with their addresses;
    /// default none. An account that is already in the ledger's folder is left unchanged.
    pub accounts: Vec<(Pubkey, Account)>,
}

impl Default for LocalnetConfig {
    fn default() -> Self {
        Self {
            bind: IpAddr::V4(Ipv4Addr::LOCALHOST),
            rpc_port: DEFAULT_RPC_PORT,
            ws_port: DEFAULT_WS_PORT,
            ledger: None,
            slot_time: DEFAULT_SLOT_TIME,
            programs: Vec::new(),
            airdrops: Vec::new(),
            accounts: Vec::new(),
        }
    }
}
