//! How a local ledger is set up.

use std::{
    net::{IpAddr, Ipv4Addr},
    path::PathBuf,
    time::Duration,
};

use solana_pubkey::Pubkey;
use surfpool_core::solana_account::Account;

use crate::programs::Program;

/// The port that Solana's tools expect JSON-RPC on.
pub const DEFAULT_RPC_PORT: u16 = 8899;

/// The port that Solana's tools expect the websocket on: the one after [`DEFAULT_RPC_PORT`].
pub const DEFAULT_WS_PORT: u16 = 8900;

/// How long a slot lasts on a cluster.
pub const DEFAULT_SLOT_TIME: Duration = Duration::from_millis(400);

/// How a local ledger is set up.
#[derive(Clone, Debug)]
pub struct LocalnetConfig {
    /// The address to listen on; default 127.0.0.1. Whoever reaches it may airdrop and send
    /// transactions.
    pub bind: IpAddr,
    /// The port of JSON-RPC; 0 takes a free one. Default [`DEFAULT_RPC_PORT`].
    pub rpc_port: u16,
    /// The port of the websocket; default [`DEFAULT_WS_PORT`]. 0 takes the one after the JSON-RPC
    /// port, where Solana's tools look for it, or any free one if that is taken and the other port is
    /// not 0 as well.
    pub ws_port: u16,
    /// The folder that keeps accounts and history, created if missing and used for nothing else.
    /// Default none: everything is gone after the stop.
    pub ledger: Option<PathBuf>,
    /// How long a slot lasts, in whole milliseconds, at least one; default
    /// [`DEFAULT_SLOT_TIME`]. A transaction is confirmed when its slot ends, so a shorter slot
    /// makes it confirm sooner, and a blockhash, good for 150 slots, expire sooner.
    pub slot_time: Duration,
    /// The programs deployed before the first request; default none.
    pub programs: Vec<Program>,
    /// Accounts and the lamports that each has at least at the start; default none.
    pub airdrops: Vec<(Pubkey, u64)>,
    /// Accounts that are there from the start, copied from another cluster for instance; default
    /// none. What the ledger's folder has at an address already is left as it is.
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
