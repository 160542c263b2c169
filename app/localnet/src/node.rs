//! The node's threads, from the opening of the ledger to its last write: one that makes blocks,
//! one that gives the slots their time, and those of the servers.

use std::{
    net::SocketAddr,
    sync::{Arc, Weak},
    thread::JoinHandle,
    time::{Duration, Instant},
};

use solana_pubkey::Pubkey;
use surfpool_core::{
    error::SurfpoolError,
    runloops::start_block_production_runloop,
    solana_account::Account,
    surfnet::{locker::SurfnetSvmLocker, svm::SurfnetSvm},
};
use surfpool_types::{
    BlockProductionMode, ClockEvent, SimnetCommand, SimnetConfig,
    channel::{Receiver, Sender, bounded, select, unbounded},
};

use crate::{
    config::LocalnetConfig,
    error::{LocalnetError, Result},
    ledger::{Ledger, bring_into_memory},
    servers::Servers,
};

/// What the caller needs to know of a node that answers.
pub(crate) struct Ready {
    pub(crate) rpc: SocketAddr,
    pub(crate) ws: SocketAddr,
    pub(crate) svm: Weak<tokio::sync::RwLock<SurfnetSvm>>,
    pub(crate) commands: Sender<SimnetCommand>,
}

/// Runs a node until `stop` is closed. Sends on `ready` once it answers, or returns the error that
/// kept it from starting.
pub(crate) fn run(config: LocalnetConfig, ready: Sender<Ready>, stop: Receiver<()>) -> Result<()> {
    let slot_time = config.slot_time.max(Duration::from_millis(1));
    let ledger = Ledger::open(config.ledger.as_deref())?;
    let mut svm = ledger.load(slot_time)?;
    for program in &config.programs {
        program.deploy(&mut svm)?;
    }
    for (address, account) in &config.accounts {
        put(&mut svm, address, account)?;
    }
    for (account, lamports) in &config.airdrops {
        fund(&mut svm, account, *lamports)?;
    }

    let svm = SurfnetSvmLocker::new(svm);
    let (commands, commands_rx) = unbounded();
    let servers = Servers::bind(&config, &svm, &commands)?;
    let (ended_tx, ended) = bounded(1);
    let blocks = make_blocks(
        svm.clone(),
        slot_time,
        commands.clone(),
        commands_rx,
        ended_tx,
    )?;

    // A caller that has gone away closes `stop` too.
    let _ = ready.send(Ready {
        rpc: servers.rpc_address(),
        ws: servers.ws_address(),
        svm: Arc::downgrade(&svm.0),
        commands: commands.clone(),
    });
    drop(ready);
    select! {
        recv(stop) -> _ => {}
        recv(ended) -> _ => {}
    }

    // The servers first: after them nothing reads or writes the ledger but the block maker.
    servers.close();
    // One last block takes in what the open slot holds; it is lost from the history otherwise.
    let _ = commands.send(SimnetCommand::SlotForward(None));
    let _ = commands.send(SimnetCommand::Terminate(None));
    let outcome = blocks
        .join()
        .unwrap_or_else(|_| Err(LocalnetError::Node("the block maker panicked".into())));
    drop(svm);
    drop(ledger);
    outcome
}

/// Puts `account` at `address`, unless one is there.
fn put(svm: &mut SurfnetSvm, address: &Pubkey, account: &Account) -> Result<()> {
    let refused = |error: SurfpoolError| LocalnetError::Account {
        address: *address,
        reason: error.to_string(),
    };
    match svm.get_account(address).map_err(refused)? {
        Some(_) => Ok(()),
        None => svm.set_account(address, account.clone()).map_err(refused),
    }
}

/// Gives `account` what it lacks to `lamports`.
fn fund(svm: &mut SurfnetSvm, account: &Pubkey, lamports: u64) -> Result<()> {
    let refused = |reason: String| LocalnetError::Airdrop {
        account: *account,
        lamports,
        reason,
    };
    bring_into_memory(svm, account).map_err(|error| refused(error.to_string()))?;
    let balance = svm
        .get_account(account)
        .map_err(|error| refused(error.to_string()))?
        .map_or(0, |account| account.lamports);
    if balance >= lamports {
        return Ok(());
    }
    svm.airdrop(account, lamports - balance)
        .map_err(|error| refused(error.to_string()))?
        .map_err(|failed| refused(failed.err.to_string()))?;
    Ok(())
}

/// Starts the thread that executes what arrives on `commands` and ends a slot every `slot_time`.
/// Drops `ended` when it is done.
fn make_blocks(
    svm: SurfnetSvmLocker,
    slot_time: Duration,
    commands_tx: Sender<SimnetCommand>,
    commands: Receiver<SimnetCommand>,
    ended: Sender<()>,
) -> Result<JoinHandle<Result<()>>> {
    let failed = |error: std::io::Error| LocalnetError::Node(error.to_string());
    let simnet = SimnetConfig {
        offline_mode: true,
        remote_rpc_url: None,
        slot_time: slot_time.as_millis() as u64,
        instruction_profiling_enabled: false,
        ..SimnetConfig::default()
    };
    let slots = keep_time(slot_time).map_err(failed)?;
    // The slots' time is ours: nobody listens to orders about it.
    let (clock_commands, _) = unbounded();
    std::thread::Builder::new()
        .name("localnet-blocks".into())
        .spawn(move || {
            let _ended = ended;
            // The node takes its locks on the assumption of a runtime with worker threads.
            let runtime = tokio::runtime::Builder::new_multi_thread()
                .worker_threads(1)
                .enable_all()
                .build()
                .map_err(|error| LocalnetError::Node(error.to_string()))?;
            runtime
                .block_on(start_block_production_runloop(
                    slots,
                    clock_commands,
                    commands,
                    commands_tx,
                    svm,
                    BlockProductionMode::Clock,
                    &None,
                    None,
                    &simnet,
                    None,
                ))
                .map_err(|error| LocalnetError::Node(error.to_string()))
        })
        .map_err(failed)
}

/// Ticks every `slot_time` until nobody listens. Against deadlines, so that the ledger's clock,
/// which counts slots, keeps up with the machine's.
fn keep_time(slot_time: Duration) -> std::io::Result<Receiver<ClockEvent>> {
    let (ticks, receiver) = unbounded();
    std::thread::Builder::new()
        .name("localnet-clock".into())
        .spawn(move || {
            let mut next = Instant::now() + slot_time;
            loop {
                std::thread::sleep(next.saturating_duration_since(Instant::now()));
                if ticks.send(ClockEvent::Tick).is_err() {
                    return;
                }
                next += slot_time;
            }
        })?;
    Ok(receiver)
}
