//! Signed transactions to the node and back: submission, and confirmation of all that are in flight.
//!
//! Confirmation is asked for with `getSignatureStatuses`, many signatures a request. A websocket
//! subscription would answer some milliseconds earlier, but takes two more messages per transaction,
//! and client and node share the machine's cores.

use std::{
    collections::HashMap,
    pin::pin,
    sync::{Arc, Mutex, MutexGuard},
    time::{Duration, Instant},
};

use anchor_lang::{Address, solana_program::instruction::Instruction};
use anyhow::{Context, Result, anyhow, ensure};
use solana_commitment_config::CommitmentConfig;
use solana_compute_budget_interface::ComputeBudgetInstruction;
use solana_hash::Hash;
use solana_keypair::Keypair;
use solana_rpc_client::nonblocking::rpc_client::RpcClient;
use solana_rpc_client_api::config::{RpcSendTransactionConfig, RpcTransactionConfig};
use solana_signature::Signature;
use solana_signer::Signer;
use solana_transaction::Transaction;
use solana_transaction_status_client_types::{TransactionStatus, UiTransactionEncoding};
use tokio::{
    sync::oneshot,
    task::JoinHandle,
    time::{sleep, timeout},
};

/// Time between two requests for the statuses of what is in flight; latencies are not more precise.
pub const POLL_INTERVAL: Duration = Duration::from_millis(20);
/// When a transaction that is not confirmed is submitted again, as wallets do: a cluster's leader drops
/// some. The ledger executes it once.
pub const RESUBMISSION: Duration = Duration::from_secs(2);
/// How long a transaction may take to be confirmed.
pub const CONFIRMATION_TIMEOUT: Duration = Duration::from_secs(30);
/// When a blockhash is replaced: far sooner than after the 150 slots for which it is good.
const BLOCKHASH_AGE: Duration = Duration::from_secs(1);
/// The most that `getSignatureStatuses` takes.
pub const STATUSES_PER_REQUEST: usize = 256;
/// The most that `getMultipleAccounts` takes.
const ACCOUNTS_PER_REQUEST: usize = 100;

/// A client of one node.
pub struct Connection {
    shared: Arc<Shared>,
    poll: JoinHandle<()>,
}

struct Shared {
    rpc: RpcClient,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    blockhash: Hash,
    in_flight: HashMap<Signature, oneshot::Sender<TransactionStatus>>,
}

impl Connection {
    pub async fn open(url: &str) -> Result<Self> {
        let rpc = RpcClient::new_with_commitment(url.to_owned(), CommitmentConfig::confirmed());
        let state = State {
            blockhash: rpc.get_latest_blockhash().await?,
            ..State::default()
        };
        let shared = Arc::new(Shared {
            rpc,
            state: Mutex::new(state),
        });
        let poll = tokio::spawn(poll(shared.clone()));
        Ok(Self { shared, poll })
    }

    /// Airdrops these lamports to each account.
    pub async fn airdrop(&self, accounts: &[Address], lamports: u64) -> Result<()> {
        for account in accounts {
            let signature = self.shared.rpc.request_airdrop(account, lamports).await?;
            self.confirm(signature).await?.status?;
        }
        Ok(())
    }

    /// Executes instructions in one transaction within `compute_units`; the first signer pays.
    /// Returns once it is confirmed; it is an error if it failed.
    pub async fn execute(
        &self,
        compute_units: u32,
        instructions: &[Instruction],
        signers: &[&Keypair],
    ) -> Result<Signature> {
        let (signature, status) = self.settle(compute_units, instructions, signers).await?;
        status.status?;
        Ok(signature)
    }

    /// Sends instructions in one transaction, as [`execute`](Self::execute) does, and returns once it
    /// is confirmed: its slot, and the error if it failed.
    pub async fn settle(
        &self,
        compute_units: u32,
        instructions: &[Instruction],
        signers: &[&Keypair],
    ) -> Result<(Signature, TransactionStatus)> {
        let limit = ComputeBudgetInstruction::set_compute_unit_limit(compute_units);
        let instructions = [&[limit], instructions].concat();
        let payer = signers.first().context("nobody pays")?.pubkey();
        let blockhash = self.shared.state().blockhash;
        let mut transaction = Transaction::new_with_payer(&instructions, Some(&payer));
        transaction.try_sign(signers, blockhash)?;
        let signature = self.submit(&transaction).await?;
        let mut confirmed = pin!(self.confirm(signature));
        loop {
            match timeout(RESUBMISSION, &mut confirmed).await {
                Ok(status) => return Ok((signature, status?)),
                // Its status shows whether it arrived; what else this answers says nothing new.
                Err(_) => drop(self.submit(&transaction).await),
            }
        }
    }

    async fn submit(&self, transaction: &Transaction) -> Result<Signature> {
        // The statuses show what failed; a simulation of each transaction would halve the rate.
        let config = RpcSendTransactionConfig {
            skip_preflight: true,
            ..RpcSendTransactionConfig::default()
        };
        let rpc = &self.shared.rpc;
        Ok(rpc
            .send_transaction_with_config(transaction, config)
            .await?)
    }

    async fn confirm(&self, signature: Signature) -> Result<TransactionStatus> {
        let (confirmed, confirmation) = oneshot::channel();
        let twin = self.shared.state().in_flight.insert(signature, confirmed);
        ensure!(twin.is_none(), "{signature} is in flight already");
        let status = timeout(CONFIRMATION_TIMEOUT, confirmation).await;
        self.shared.state().in_flight.remove(&signature);
        let status = status.map_err(|_| anyhow!("{signature} is not confirmed in time"))?;
        status.context("nobody asks for statuses")
    }

    /// The slot that the node is at.
    pub async fn slot(&self) -> Result<u64> {
        let commitment = CommitmentConfig::processed();
        let rpc = &self.shared.rpc;
        Ok(rpc.get_slot_with_commitment(commitment).await?)
    }

    /// Accounts that must exist, in the same order.
    pub async fn accounts(&self, addresses: &[Address]) -> Result<Vec<Vec<u8>>> {
        let mut accounts = Vec::with_capacity(addresses.len());
        for addresses in addresses.chunks(ACCOUNTS_PER_REQUEST) {
            let found = self.shared.rpc.get_multiple_accounts(addresses).await?;
            for (address, account) in addresses.iter().zip(found) {
                let account = account.with_context(|| format!("there is no account {address}"))?;
                accounts.push(account.data);
            }
        }
        Ok(accounts)
    }

    /// Whether there is an account.
    pub async fn exists(&self, address: &Address) -> Result<bool> {
        let rpc = &self.shared.rpc;
        let found = rpc.get_multiple_accounts(&[*address]).await?;
        Ok(found.iter().any(Option::is_some))
    }

    /// The compute units of a confirmed transaction.
    pub async fn compute_units(&self, signature: &Signature) -> Result<u64> {
        let config = RpcTransactionConfig {
            encoding: Some(UiTransactionEncoding::Base64),
            commitment: Some(CommitmentConfig::confirmed()),
            max_supported_transaction_version: Some(0),
        };
        let rpc = &self.shared.rpc;
        let found = rpc.get_transaction_with_config(signature, config).await?;
        let meta = found.transaction.meta;
        meta.and_then(|meta| meta.compute_units_consumed.into())
            .with_context(|| format!("the node does not say what {signature} consumed"))
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.poll.abort();
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("nobody panics with the lock")
    }
}

/// Reports each transaction's status to its waiting sender, and keeps the blockhash fresh. A request
/// that fails is made again; nobody waits longer than [`CONFIRMATION_TIMEOUT`] for an answer.
async fn poll(shared: Arc<Shared>) {
    let mut refreshed = Instant::now();
    loop {
        sleep(POLL_INTERVAL).await;
        if refreshed.elapsed() >= BLOCKHASH_AGE
            && let Ok(blockhash) = shared.rpc.get_latest_blockhash().await
        {
            shared.state().blockhash = blockhash;
            refreshed = Instant::now();
        }
        let in_flight: Vec<Signature> = shared.state().in_flight.keys().copied().collect();
        for signatures in in_flight.chunks(STATUSES_PER_REQUEST) {
            let Ok(statuses) = shared.rpc.get_signature_statuses(signatures).await else {
                continue;
            };
            let mut state = shared.state();
            for (signature, status) in signatures.iter().zip(statuses.value) {
                if let Some(status) = status
                    && status.satisfies_commitment(CommitmentConfig::confirmed())
                    && let Some(confirmed) = state.in_flight.remove(signature)
                {
                    // A sender that no longer waits has counted it as failed.
                    let _ = confirmed.send(status);
                }
            }
        }
    }
}
