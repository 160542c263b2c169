//! The two servers, JSON-RPC over HTTP and subscriptions over websocket, with the methods of a cluster.
//! The node's cheat codes, plugins and bundles are not served.

use std::{
    collections::HashMap,
    io,
    net::SocketAddr,
    sync::{Arc, RwLock, atomic::AtomicUsize},
    time::Duration,
};

use jsonrpc_pubsub::{PubSubHandler, Session};
use surfpool_core::{
    jsonrpc_core::MetaIoHandler,
    jsonrpc_http_server::{self, DomainsValidation},
    rpc::{
        RunloopContext, SurfpoolWebsocketMeta,
        accounts_data::{AccountsData, SurfpoolAccountsDataRpc},
        accounts_scan::{AccountsScan, SurfpoolAccountsScanRpc},
        bank_data::{BankData, SurfpoolBankDataRpc},
        full::{Full, SurfpoolFullRpc},
        minimal::{Minimal, SurfpoolMinimalRpc},
        ws::{Rpc, SurfpoolWsRpc},
    },
    surfnet::locker::SurfnetSvmLocker,
};
use surfpool_types::{
    CheatcodeConfig, RpcConfig, SimnetCommand, channel::Sender, channel::unbounded,
};
use tokio::runtime::{Handle, Runtime};

use crate::{
    config::LocalnetConfig,
    error::{LocalnetError, Result},
    methods,
};

/// Threads that answer requests, which mostly wait for the node's only lock.
const WORKERS: usize = 4;

/// The maximum size of a request, in bytes: more than the largest batch that Solana's client sends.
const MAX_REQUEST: usize = 15 * 1024 * 1024;

/// How many pairs of consecutive ports are tried if both ports may be any.
const MAX_PAIRS: usize = 16;

/// How long requests in flight may take after the servers are closed.
const GRACE: Duration = Duration::from_millis(500);

/// Both servers and the threads they run on.
pub(crate) struct Servers {
    http: jsonrpc_http_server::Server,
    ws: jsonrpc_ws_server::Server,
    runtime: Runtime,
}

impl Servers {
    /// Listens on the configured ports and answers from `svm`. Changes to it are sent to `commands`.
    pub(crate) fn bind(
        config: &LocalnetConfig,
        svm: &SurfnetSvmLocker,
        commands: &Sender<SimnetCommand>,
    ) -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(WORKERS)
            .thread_name("localnet-rpc")
            .enable_all()
            .build()
            .map_err(|error| LocalnetError::Node(error.to_string()))?;
        // Plugins are not served, so nobody listens to commands about them.
        let (plugin_commands_tx, _) = unbounded();
        let context = RunloopContext {
            id: None,
            svm_locker: svm.clone(),
            simnet_commands_tx: commands.clone(),
            remote_rpc_client: None,
            rpc_config: RpcConfig {
                bind_host: config.bind.to_string(),
                bind_port: config.rpc_port,
                ws_port: config.ws_port,
                ..RpcConfig::default()
            },
            cheatcode_config: CheatcodeConfig::new(),
            plugin_commands_tx,
        };

        let (http, ws) = bind_pair(config, &context, runtime.handle())?;
        Ok(Self { http, ws, runtime })
    }

    /// The address of JSON-RPC.
    pub(crate) fn rpc_address(&self) -> SocketAddr {
        *self.http.address()
    }

    /// The address of the websocket.
    pub(crate) fn ws_address(&self) -> SocketAddr {
        *self.ws.addr()
    }

    /// Stops listening, waits for requests in flight for at most [`GRACE`], and closes all connections.
    pub(crate) fn close(self) {
        self.http.close_handle().close();
        self.ws.close_handle().close();
        self.runtime.shutdown_timeout(GRACE);
    }
}

/// Serves on both ports. If both may be any, they are consecutive, because Solana's clients expect the
/// websocket on the port after JSON-RPC's.
fn bind_pair(
    config: &LocalnetConfig,
    context: &RunloopContext,
    runtime: &Handle,
) -> Result<(jsonrpc_http_server::Server, jsonrpc_ws_server::Server)> {
    let address = |port| SocketAddr::new(config.bind, port);
    let http = || {
        let address = address(config.rpc_port);
        bind_http(address, context.clone(), runtime)
            .map_err(|error| explain(error, address, "--rpc-port"))
    };
    let ws = |port| {
        bind_ws(address(port), context.clone(), runtime)
            .map_err(|error| explain(error, address(port), "--ws-port"))
    };
    let mut attempts = 0;
    loop {
        attempts += 1;
        let http = http()?;
        let bound = match (config.ws_port, http.address().port().checked_add(1)) {
            (0, Some(next)) => ws(next),
            (port, _) => ws(port),
        };
        match bound {
            Ok(ws) => return Ok((http, ws)),
            Err(_) if (config.rpc_port, config.ws_port) == (0, 0) && attempts < MAX_PAIRS => {
                http.close();
            }
            Err(_) if config.ws_port == 0 => return Ok((http, ws(0)?)),
            Err(error) => return Err(error),
        }
    }
}

/// Serves JSON-RPC on `address`.
fn bind_http(
    address: SocketAddr,
    context: RunloopContext,
    runtime: &Handle,
) -> io::Result<jsonrpc_http_server::Server> {
    let mut handler = MetaIoHandler::default();
    handler.extend_with(SurfpoolMinimalRpc.to_delegate());
    handler.extend_with(SurfpoolFullRpc.to_delegate());
    handler.extend_with(SurfpoolAccountsDataRpc.to_delegate());
    handler.extend_with(SurfpoolAccountsScanRpc.to_delegate());
    handler.extend_with(SurfpoolBankDataRpc.to_delegate());
    handler.add_method_with_meta("sendTransaction", methods::send_transaction);
    handler.add_method_with_meta("requestAirdrop", methods::request_airdrop);

    let meta = move |_: &jsonrpc_http_server::hyper::Request<jsonrpc_http_server::hyper::Body>| {
        Some(context.clone())
    };
    jsonrpc_http_server::ServerBuilder::with_meta_extractor(handler, meta)
        // Allows pages of any origin, as a cluster does.
        .cors(DomainsValidation::Disabled)
        .event_loop_executor(runtime.clone())
        .max_request_body_size(MAX_REQUEST)
        .start_http(&address)
}

/// Serves subscriptions on `address`.
fn bind_ws(
    address: SocketAddr,
    context: RunloopContext,
    runtime: &Handle,
) -> io::Result<jsonrpc_ws_server::Server> {
    let mut handler = PubSubHandler::new(MetaIoHandler::default());
    handler.extend_with(
        SurfpoolWsRpc {
            uid: AtomicUsize::new(0),
            signature_subscription_map: Arc::new(RwLock::new(HashMap::new())),
            account_subscription_map: Arc::new(RwLock::new(HashMap::new())),
            program_subscription_map: Arc::new(RwLock::new(HashMap::new())),
            slot_subscription_map: Arc::new(RwLock::new(HashMap::new())),
            slots_updates_subscription_map: Arc::new(RwLock::new(HashMap::new())),
            logs_subscription_map: Arc::new(RwLock::new(HashMap::new())),
            snapshot_subscription_map: Arc::new(RwLock::new(HashMap::new())),
            tokio_handle: runtime.clone(),
        }
        .to_delegate(),
    );
    let meta = move |request: &jsonrpc_ws_server::RequestContext| {
        Some(SurfpoolWebsocketMeta::new(
            context.clone(),
            Some(Arc::new(Session::new(request.sender()))),
        ))
    };
    jsonrpc_ws_server::ServerBuilder::with_meta_extractor(handler, meta)
        .event_loop_executor(runtime.clone())
        .start(&address)
        .map_err(|error| match error {
            jsonrpc_ws_server::Error::Io(error) => error,
            other => io::Error::other(other.to_string()),
        })
}

/// The error for an address that cannot be listened on.
fn explain(error: io::Error, address: SocketAddr, flag: &'static str) -> LocalnetError {
    match error.kind() {
        io::ErrorKind::AddrInUse => LocalnetError::PortInUse {
            port: address.port(),
            flag,
        },
        _ => LocalnetError::Bind {
            address,
            source: error,
        },
    }
}
