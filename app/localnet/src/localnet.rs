//! The ledger as its owner starts, moves and stops it.

use std::{net::SocketAddr, sync::Weak, thread::JoinHandle};

use surfpool_core::{
    surfnet::{locker::SurfnetSvmLocker, svm::SurfnetSvm},
    types::TimeTravelConfig,
};
use surfpool_types::{
    SimnetCommand,
    channel::{Sender, bounded},
};

use crate::{
    config::LocalnetConfig,
    error::{LocalnetError, Result},
    node,
};

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
