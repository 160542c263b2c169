//! An embedded local ledger: one Solana node in this process, on the real runtime, speaking
//! Solana's JSON-RPC and websocket, with programs deployed before it answers its first request.
//!
//! It is for development, tests and demonstrations: nobody else's node takes part, and a
//! transaction is confirmed as soon as its slot ends. What a client sees is what a cluster shows it,
//! except for the extras of the node that would let a client cheat; those are not reachable
//! over the network (see [`Localnet`]). Keypairs, transactions and everything that Pedigree's
//! programs mean are left to the client.

mod error;
mod ledger;
mod methods;
mod node;
mod programs;
mod servers;

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::PathBuf,
    sync::Weak,
    thread::JoinHandle,
    time::Duration,
};

use solana_pubkey::Pubkey;
use surfpool_core::{
    surfnet::{locker::SurfnetSvmLocker, svm::SurfnetSvm},
    types::TimeTravelConfig,
};
use surfpool_types::{
    SimnetCommand,
    channel::{Sender, bounded},
};

pub use surfpool_core::solana_account::Account;

pub use crate::{
    error::{LocalnetError, Result},
    programs::Program,
};

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

/// A running local ledger. It stops when dropped; [`Localnet::stop`] also tells how that went.
///
/// Over the network it takes what a cluster takes, and `requestAirdrop`. The node's own methods
/// that set accounts, move the clock, skip signatures, load plugins or end the node are not
/// served; the clock moves through [`Localnet::time_travel`] only.
#[derive(Debug)]
pub struct Localnet {
    rpc: SocketAddr,
    ws: SocketAddr,
    svm: Weak<tokio::sync::RwLock<SurfnetSvm>>,
    commands: Sender<SimnetCommand>,
    node: Option<Running>,
}

/// The node's thread, and the channel whose end tells it to stop.
#[derive(Debug)]
struct Running {
    stop: Sender<()>,
    thread: JoinHandle<Result<()>>,
}

impl Localnet {
    /// Starts a ledger. When this returns, the programs are deployed and executable, the accounts
    /// are funded, and both ports answer.
    ///
    /// The node runs on threads of its own: this blocks for a fraction of a second and may be
    /// called anywhere, but belongs into `spawn_blocking` in an async program.
    pub fn start(config: LocalnetConfig) -> Result<Self> {
        let (stop, stopped) = bounded(0);
        let (ready_tx, ready) = bounded(1);
        let thread = std::thread::Builder::new()
            .name("localnet".into())
            .spawn(move || node::run(config, ready_tx, stopped))
            .map_err(|error| LocalnetError::Node(error.to_string()))?;

        let running = Running { stop, thread };
        match ready.recv() {
            Ok(node::Ready {
                rpc,
                ws,
                svm,
                commands,
            }) => Ok(Self {
                rpc,
                ws,
                svm,
                commands,
                node: Some(running),
            }),
            Err(_) => Err(running
                .stop()
                .expect_err("a node that never was ready has failed")),
        }
    }

    /// Where JSON-RPC answers, for example `http://127.0.0.1:8899`.
    pub fn rpc_url(&self) -> String {
        format!("http://{}", self.rpc)
    }

    /// Where the websocket answers, for example `ws://127.0.0.1:8900`.
    pub fn ws_url(&self) -> String {
        format!("ws://{}", self.ws)
    }

    /// Whether the node still runs. It ends by itself only if its ledger can no longer be written;
    /// [`Localnet::stop`] then tells why.
    pub fn is_running(&self) -> bool {
        self.node
            .as_ref()
            .is_some_and(|node| !node.thread.is_finished())
    }

    /// Moves the ledger's clock forward to `unix_timestamp`, in seconds, by skipping the slots in
    /// between. Blockhashes stay valid.
    ///
    /// A ledger kept in a folder opens at the machine's time again when it is next started.
    pub fn time_travel(&self, unix_timestamp: i64) -> Result<()> {
        let refused = |reason: String| LocalnetError::Clock {
            unix_timestamp,
            reason,
        };
        let target = u64::try_from(unix_timestamp)
            .ok()
            .and_then(|seconds| seconds.checked_mul(1_000))
            .ok_or_else(|| refused("it is outside the range of the clock".into()))?;
        let svm = self
            .svm
            .upgrade()
            .ok_or_else(|| refused("the node has stopped".into()))?;
        let commands = self.commands.clone();
        // On a thread of its own, because the node refuses to be waited for on an async one.
        let travel = std::thread::spawn(move || {
            SurfnetSvmLocker(svm)
                .time_travel(None, commands, TimeTravelConfig::AbsoluteTimestamp(target))
                .map(drop)
                .map_err(|error| error.to_string())
        });
        travel
            .join()
            .unwrap_or_else(|_| Err("the node panicked".into()))
            .map_err(refused)
    }

    /// Stops the node: closes both ports, ends the open slot and writes everything to the ledger's
    /// folder.
    pub fn stop(mut self) -> Result<()> {
        self.node.take().map_or(Ok(()), Running::stop)
    }
}

impl Drop for Localnet {
    fn drop(&mut self) {
        if let Some(node) = self.node.take() {
            // There is nobody left to tell.
            let _ = node.stop();
        }
    }
}

impl Running {
    /// Asks the node to stop and waits until it has.
    fn stop(self) -> Result<()> {
        drop(self.stop);
        self.thread
            .join()
            .unwrap_or_else(|_| Err(LocalnetError::Node("a thread of the node panicked".into())))
    }
}
