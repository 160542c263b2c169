//! Simulating, sending and confirming a transaction, never twice.
//!
//! A transaction is signed once, for one blockhash, and sent again until the cluster has processed it or
//! its blockhash has expired. However often a packet is lost, the outcome is one of three: processed,
//! never processed, or, if the endpoint falls silent, not known yet, with the block after which it will
//! be.

use std::time::Duration;

use custody::CustodyError;
use solana_account_decoder_client_types::UiAccountEncoding;
use solana_client::rpc_config::{
    RpcSendTransactionConfig, RpcSimulateTransactionAccountsConfig, RpcSimulateTransactionConfig,
};
use solana_hash::Hash;
use solana_instruction::Instruction;
use solana_message::VersionedMessage;
use solana_pubkey::Pubkey;
use solana_signature::Signature;
use solana_signer::Signer;
use solana_transaction::versioned::VersionedTransaction;
use solana_transaction_error::TransactionError;
use solana_transaction_status_client_types::{TransactionConfirmationStatus, TransactionStatus};
use tokio::time::Instant;

use crate::{
    error::{Error, Result},
    fee_payer::{FeePayer, LAMPORTS_PER_SIGNATURE},
    ledger::Ledger,
    plan::Plan,
    recalls::of_goods,
    refusal::explain,
};

/// How often the outcome is asked for.
const POLL_EVERY: Duration = Duration::from_millis(200);
/// How often the transaction is sent again until the cluster has seen it.
const RESEND_EVERY: Duration = Duration::from_secs(2);
/// How long a silent endpoint is waited for; a blockhash is valid for about a minute.
const SILENCE_LIMIT: Duration = Duration::from_secs(90);
/// Compute units that a compute-budget instruction costs itself.
const BUDGET_INSTRUCTION_UNITS: u64 = 150;
/// Accounts are charged in pages of this many bytes.
const LOADED_DATA_PAGE: u32 = 32 * 1024;

/// What a transaction would do, from a simulation of it.
#[derive(Clone, Debug)]
pub struct Simulation {
    /// Compute units that it takes.
    pub compute_units: u64,
    /// Bytes of accounts and programs that it loads; `None` if the endpoint does not say.
    pub loaded_bytes: Option<u32>,
    /// Lamports for signatures and priority.
    pub fee: u64,
    /// Lamports that go into the rent of new accounts; negative if accounts are closed.
    pub rent: i64,
    /// Every account it names, in the transaction's order.
    pub accounts: Vec<AccountUse>,
}

/// An account of a transaction, and what may happen to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccountUse {
    /// The account.
    pub address: Pubkey,
    /// Whether its key signs.
    pub is_signer: bool,
    /// Whether an instruction may change it.
    pub is_writable: bool,
}

/// A transaction that the cluster has processed.
#[derive(Clone, Debug)]
pub struct Receipt {
    /// The transaction's first signature, which identifies it.
    pub signature: Signature,
    /// The slot in which it was processed.
    pub slot: u64,
    /// The simulation before it was sent.
    pub simulation: Simulation,
}

/// Sends transactions for one fee payer.
pub struct Submitter<'a> {
    ledger: &'a Ledger,
    payer: &'a dyn Signer,
    priority_fee: u64,
}

impl<'a> Submitter<'a> {
    /// `priority_fee` is in micro-lamports a compute unit; zero for none.
    pub fn new(ledger: &'a Ledger, payer: &'a dyn Signer, priority_fee: u64) -> Self {
        Self {
            ledger,
            payer,
            priority_fee,
        }
    }

    /// The key that pays.
    pub fn payer(&self) -> Pubkey {
        self.payer.pubkey()
    }

    /// The key that pays, and what for each compute unit.
    pub fn fee_payer(&self) -> FeePayer {
        FeePayer {
            key: self.payer(),
            priority_fee: self.priority_fee,
        }
    }

    /// Runs the transaction on the endpoint's current state without sending it.
    pub async fn simulate(&self, instructions: &[Instruction]) -> Result<Simulation> {
        let rpc = self.ledger.rpc();
        let message = self.fee_payer().message(instructions, Hash::default());
        let accounts = self.account_uses(instructions, &message);
        let writable: Vec<Pubkey> = accounts
            .iter()
            .filter(|account| account.is_writable && account.address != self.payer())
            .map(|account| account.address)
            .collect();
        let before = self.lamports(&writable).await?;

        let unsigned = VersionedTransaction {
            signatures: vec![
                Signature::default();
                usize::from(message.header().num_required_signatures)
            ],
            message: message.clone(),
        };
        let config = RpcSimulateTransactionConfig {
            sig_verify: false,
            replace_recent_blockhash: true,
            commitment: Some(self.ledger.commitment()),
            accounts: Some(RpcSimulateTransactionAccountsConfig {
                encoding: Some(UiAccountEncoding::Base64),
                addresses: writable.iter().map(Pubkey::to_string).collect(),
            }),
            ..RpcSimulateTransactionConfig::default()
        };
        let response = rpc
            .simulate_transaction_with_config(&unsigned, config)
            .await;
        let result = response
            .map_err(|error| self.ledger.rpc_error(error))?
            .value;
        if let Some(error) = result.err {
            let logs = result.logs.unwrap_or_default();
            return Err(self.refused(&error.into(), &message, logs).await);
        }

        let compute_units = result.units_consumed.unwrap_or_default();
        let after: u64 = result
            .accounts
            .iter()
            .flatten()
            .flatten()
            .map(|account| account.lamports)
            .sum();
        let signatures = u64::from(message.header().num_required_signatures);
        let priority = u128::from(self.priority_fee) * u128::from(unit_limit(compute_units));
        Ok(Simulation {
            compute_units,
            loaded_bytes: result.loaded_accounts_data_size,
            fee: signatures * LAMPORTS_PER_SIGNATURE
                + u64::try_from(priority.div_ceil(1_000_000)).unwrap_or(u64::MAX),
            rent: after as i64 - before as i64,
            accounts,
        })
    }

    /// Simulates the transaction, sets its limits to what that took, sends it and waits until it
    /// is processed at the ledger's commitment.
    ///
    /// `signers` sign beside the fee payer, who may be among them.
    pub async fn send(
        &self,
        instructions: &[Instruction],
        signers: &[&dyn Signer],
    ) -> Result<Receipt> {
        let simulation = self.simulate(instructions).await?;
        let rpc = self.ledger.rpc();
        let (blockhash, last_valid_block_height) = rpc
            .get_latest_blockhash_with_commitment(self.ledger.commitment())
            .await
            .map_err(|error| self.ledger.rpc_error(error))?;

        let units = unit_limit(simulation.compute_units);
        let mut limited = self
            .fee_payer()
            .limits(units, simulation.loaded_bytes.map(loaded_data_limit));
        limited.extend_from_slice(instructions);
        let message = self.fee_payer().message(&limited, blockhash);
        let transaction = self.sign(message, signers)?;
        let slot = self.confirm(&transaction, last_valid_block_height).await?;
        Ok(Receipt {
            signature: transaction.signatures[0],
            slot,
            simulation,
        })
    }

    /// Every account that `message` names and what its `instructions` may do to it.
    fn account_uses(
        &self,
        instructions: &[Instruction],
        message: &VersionedMessage,
    ) -> Vec<AccountUse> {
        let is_writable = |address: &Pubkey| {
            let mut metas = instructions
                .iter()
                .flat_map(|instruction| &instruction.accounts);
            *address == self.payer()
                || metas.any(|meta| meta.pubkey == *address && meta.is_writable)
        };
        let keys = message.static_account_keys().iter().enumerate();
        keys.map(|(index, address)| AccountUse {
            address: *address,
            is_signer: message.is_signer(index),
            is_writable: is_writable(address),
        })
        .collect()
    }

    /// Sends the transactions of a plan, one after the other, and calls `sent` after each.
    ///
    /// `signers` sign beside the fee payer, who may be among them.
    ///
    /// # Errors
    ///
    /// Why the first was not sent, or [`Error::PartlySent`] if a later one was not.
    pub async fn send_plan(
        &self,
        plan: &Plan,
        signers: &[&dyn Signer],
        mut sent: impl FnMut(&Receipt),
    ) -> Result<Vec<Receipt>> {
        let total = plan.transactions.len();
        let mut receipts = Vec::with_capacity(total);
        for instructions in &plan.transactions {
            let receipt = match (self.send(instructions, signers).await, receipts.len()) {
                (Ok(receipt), _) => receipt,
                (Err(error), 0) => return Err(error),
                (Err(error), done) => {
                    return Err(Error::PartlySent {
                        done,
                        total,
                        error: Box::new(error),
                    });
                }
            };
            sent(&receipt);
            receipts.push(receipt);
        }
        Ok(receipts)
    }

    fn sign(
        &self,
        message: VersionedMessage,
        signers: &[&dyn Signer],
    ) -> Result<VersionedTransaction> {
        let required = usize::from(message.header().num_required_signatures);
        let mut keys: Vec<&dyn Signer> = Vec::with_capacity(required);
        for address in &message.static_account_keys()[..required] {
            let signer = std::iter::once(&self.payer)
                .chain(signers)
                .find(|signer| signer.pubkey() == *address)
                .ok_or_else(|| Error::Signing(format!("the keypair of {address} is needed too")))?;
            keys.push(*signer);
        }
        VersionedTransaction::try_new(message, &keys)
            .map_err(|error| Error::Signing(error.to_string()))
    }

    /// Sends until the transaction is processed or has expired. Returns its slot.
    async fn confirm(
        &self,
        transaction: &VersionedTransaction,
        last_valid_block_height: u64,
    ) -> Result<u64> {
        let rpc = self.ledger.rpc();
        let signature = transaction.signatures[0];
        let config = RpcSendTransactionConfig {
            skip_preflight: true,
            max_retries: Some(0),
            ..RpcSendTransactionConfig::default()
        };
        let mut sent_at: Option<Instant> = None;
        let mut heard_at = Instant::now();
        loop {
            // A failed attempt to send is not an outcome: the next query or attempt decides.
            if sent_at.is_none_or(|sent_at| sent_at.elapsed() >= RESEND_EVERY) {
                match rpc.send_transaction_with_config(transaction, config).await {
                    Ok(_) => tracing::debug!(%signature, "sent"),
                    Err(error) => tracing::debug!(%signature, %error, "could not send"),
                }
                sent_at = Some(Instant::now());
            }
            match self.outcome(transaction, last_valid_block_height).await {
                Ok(Outcome::Processed(slot)) => return Ok(slot),
                Ok(Outcome::Never) => return Err(Error::Expired(signature)),
                Ok(Outcome::Pending) => heard_at = Instant::now(),
                Err(error @ Error::Refused(_)) => return Err(error),
                Err(error) if heard_at.elapsed() > SILENCE_LIMIT => {
                    let reason = error.to_string();
                    return Err(Error::InDoubt {
                        signature,
                        last_valid_block_height,
                        reason,
                    });
                }
                Err(error) => tracing::debug!(%signature, %error, "no answer, asking again"),
            }
            tokio::time::sleep(POLL_EVERY).await;
        }
    }

    /// What the endpoint knows of a transaction now.
    async fn outcome(
        &self,
        transaction: &VersionedTransaction,
        last_valid_block_height: u64,
    ) -> Result<Outcome> {
        let rpc = self.ledger.rpc();
        // The height is read first: were it read last, a transaction processed between the two
        // calls in the very last block would be taken for one that never was.
        let height = rpc
            .get_block_height_with_commitment(self.ledger.commitment())
            .await
            .map_err(|error| self.ledger.rpc_error(error))?;
        let has_expired = height > last_valid_block_height;
        let signatures = [transaction.signatures[0]];
        let statuses = if has_expired {
            rpc.get_signature_statuses_with_history(&signatures).await
        } else {
            rpc.get_signature_statuses(&signatures).await
        };
        let status = statuses
            .map_err(|error| self.ledger.rpc_error(error))?
            .value
            .into_iter()
            .next()
            .flatten();
        match status {
            Some(status) if self.is_committed(&status) => match status.err {
                None => Ok(Outcome::Processed(status.slot)),
                Some(error) => {
                    let message = &transaction.message;
                    Err(self.refused(&error, message, Vec::new()).await)
                }
            },
            Some(_) => Ok(Outcome::Pending),
            None if has_expired => Ok(Outcome::Never),
            None => Ok(Outcome::Pending),
        }
    }

    async fn refused(
        &self,
        error: &TransactionError,
        message: &VersionedMessage,
        logs: Vec<String>,
    ) -> Error {
        let mut refusal = explain(error, message, logs);
        if refusal.is(CustodyError::Recalled) {
            // If the endpoint falls silent now, the refusal is reported without the recalls.
            let recalls = of_goods(self.ledger, message.static_account_keys()).await;
            refusal.recalls = recalls.unwrap_or_default();
        }
        Error::Refused(Box::new(refusal))
    }

    fn is_committed(&self, status: &TransactionStatus) -> bool {
        let commitment = self.ledger.commitment();
        match status.confirmation_status() {
            TransactionConfirmationStatus::Finalized => true,
            TransactionConfirmationStatus::Confirmed => !commitment.is_finalized(),
            TransactionConfirmationStatus::Processed => commitment.is_processed(),
        }
    }

    async fn lamports(&self, addresses: &[Pubkey]) -> Result<u64> {
        let rpc = self.ledger.rpc();
        let accounts = rpc
            .get_multiple_accounts_with_commitment(addresses, self.ledger.commitment())
            .await
            .map_err(|error| self.ledger.rpc_error(error))?
            .value;
        Ok(accounts
            .iter()
            .flatten()
            .map(|account| account.lamports)
            .sum())
    }
}

enum Outcome {
    Processed(u64),
    Pending,
    Never,
}

/// The limit for a transaction that loaded `bytes`, in whole pages, with room for the
/// compute-budget program and for accounts that grow meanwhile.
fn loaded_data_limit(bytes: u32) -> u32 {
    let pages = bytes.div_ceil(LOADED_DATA_PAGE).saturating_add(1);
    pages.saturating_mul(LOADED_DATA_PAGE)
}

/// The limit for a transaction that took `compute_units`: a tenth above, for bumps found a step
/// later, and the limit instructions themselves.
fn unit_limit(compute_units: u64) -> u32 {
    let limit = compute_units + compute_units / 10 + 3 * BUDGET_INSTRUCTION_UNITS;
    u32::try_from(limit).unwrap_or(u32::MAX)
}
