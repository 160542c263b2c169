//! The node, from opening the ledger to the last write. Its threads: one that produces blocks, one that
//! times the slots, and those of the servers.

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

const MIN_SLOT_TIME: Duration = Duration::from_millis(1);
const MAX_SLOT_TIME: Duration = Duration::from_secs(24 * 3_600);

/// What the caller needs to use a node that is ready.
pub(crate) struct Ready {
    pub(crate) rpc: SocketAddr,
    pub(crate) ws: SocketAddr,
    pub(crate) svm: Weak<tokio::sync::RwLock<SurfnetSvm>>,
    pub(crate) commands: Sender<SimnetCommand>,
}

/// Runs a node until `stop` is closed. Sends on `ready` once it answers, or returns the error that
/// prevented it from starting.
pub(crate) fn run(config: LocalnetConfig, ready: Sender<Ready>, stop: Receiver<()>) -> Result<()> {
    let slot_time = config.slot_time.clamp(MIN_SLOT_TIME, MAX_SLOT_TIME);
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
    let blocks = produce_blocks(
        svm.clone(),
        slot_time,
        commands.clone(),
        commands_rx,
        ended_tx,
    )?;

    // If the caller is gone, `stop` is closed too.
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

    // The servers first, so that only the block producer still uses the ledger.
    servers.close();
    // A last block for the transactions of the open slot, which the history would lose otherwise.
    let _ = commands.send(SimnetCommand::SlotForward(None));
    let _ = commands.send(SimnetCommand::Terminate(None));
    let outcome = blocks
        .join()
        .unwrap_or_else(|_| Err(LocalnetError::Node("the block producer panicked".into())));
    drop(svm);
    drop(ledger);
    outcome
}

/// Creates `account` at `address`, unless there is one.
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

/// Raises the balance of `account` to `lamports`, if it is lower.
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

/// Starts the thread that executes the commands and ends a slot every `slot_time`. It drops `ended` when it
/// ends.
fn produce_blocks(
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
    let slots = time_slots(slot_time).map_err(failed)?;
    // Nobody listens to commands to the clock, which is `time_slots`.
    let (clock_commands, _) = unbounded();
    std::thread::Builder::new()
        .name("localnet-blocks".into())
        .spawn(move || {
            let _ended = ended;
            // The node's locks require a runtime with worker threads.
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

/// Ticks every `slot_time` until the receiver is dropped. It sleeps until deadlines, so that the ledger's
/// clock, which counts slots, keeps up with the machine's.
fn time_slots(slot_time: Duration) -> std::io::Result<Receiver<ClockEvent>> {
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
