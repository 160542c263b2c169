//! Starting and stopping a local ledger, and moving its clock.

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

/// A running local ledger. It stops when dropped; [`Localnet::stop`] also reports errors.
///
/// Over the network it serves the methods of a cluster and `requestAirdrop`, but not the node's own
/// methods, which set accounts, move the clock, skip signatures, load plugins or stop the node. Only
/// [`Localnet::time_travel`] moves the clock.
#[derive(Debug)]
pub struct Localnet {
    rpc: SocketAddr,
    ws: SocketAddr,
    svm: Weak<tokio::sync::RwLock<SurfnetSvm>>,
    commands: Sender<SimnetCommand>,
    node: Option<Running>,
}

/// The node's thread, and the channel that stops it when closed.
#[derive(Debug)]
struct Running {
    stop: Sender<()>,
    thread: JoinHandle<Result<()>>,
}

impl Localnet {
    /// Starts a ledger. When this returns, the programs are executable, the accounts are funded, and both
    /// ports answer.
    ///
    /// The node runs on its own threads. This blocks for a fraction of a second, so async programs should
    /// call it in `spawn_blocking`.
    ///
    /// # Errors
    ///
    /// If a port is in use, the folder cannot be used or holds something else, or a program or an
    /// account is refused.
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
                .expect_err("a node that did not become ready has failed")),
        }
    }

    /// The URL of JSON-RPC, for example `http://127.0.0.1:8899`.
    pub fn rpc_url(&self) -> String {
        format!("http://{}", self.rpc)
    }

    /// The URL of the websocket, for example `ws://127.0.0.1:8900`.
    pub fn ws_url(&self) -> String {
        format!("ws://{}", self.ws)
    }

    /// Whether the node is still running. It stops by itself only if its ledger can no longer be written;
    /// [`Localnet::stop`] then returns the error.
    pub fn is_running(&self) -> bool {
        self.node
            .as_ref()
            .is_some_and(|node| !node.thread.is_finished())
    }

    /// Moves the ledger's clock forward to `unix_timestamp`, in seconds since the Unix epoch, by skipping
    /// the slots in between. Blockhashes remain valid.
    ///
    /// When a ledger in a folder is started again, its clock is the machine's.
    ///
    /// # Errors
    ///
    /// If the time is in the ledger's past, or the node has stopped.
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
        // On a separate thread, because the node cannot be waited for on an async one.
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

    /// Stops the node: closes both ports, ends the open slot and writes everything to the ledger's folder.
    ///
    /// # Errors
    ///
    /// Why the node failed, if it did.
    pub fn stop(mut self) -> Result<()> {
        self.node.take().map_or(Ok(()), Running::stop)
    }
}

impl Drop for Localnet {
    fn drop(&mut self) {
        if let Some(node) = self.node.take() {
            // Nobody can receive the error.
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
