//! Running a transaction on the endpoint's current state without sending it.

use std::collections::HashSet;

use solana_account_decoder_client_types::UiAccountEncoding;
use solana_client::rpc_config::{
    RpcSimulateTransactionAccountsConfig, RpcSimulateTransactionConfig,
};
use solana_message::VersionedMessage;
use solana_pubkey::Pubkey;
use solana_signature::Signature;
use solana_transaction::versioned::VersionedTransaction;

use crate::{
    confirmation::refused,
    error::Result,
    fee_payer::{LAMPORTS_PER_SIGNATURE, priority_lamports},
    ledger::Ledger,
};

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

impl Simulation {
    /// The limit of compute units for the transaction: a tenth above what it took, for bumps found a step
    /// later, and the limit instructions themselves.
    pub(crate) fn unit_limit(&self) -> u32 {
        let units = self.compute_units;
        let limit = units + units / 10 + 3 * BUDGET_INSTRUCTION_UNITS;
        u32::try_from(limit).unwrap_or(u32::MAX)
    }

    /// The limit of loaded bytes, in whole pages, with room for the compute-budget program and for accounts
    /// that grow meanwhile.
    pub(crate) fn loaded_data_limit(&self) -> Option<u32> {
        let bytes = self.loaded_bytes?;
        let pages = bytes.div_ceil(LOADED_DATA_PAGE).saturating_add(1);
        Some(pages.saturating_mul(LOADED_DATA_PAGE))
    }
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

/// Which blockhash a transaction is simulated with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Blockhash {
    /// The newest.
    Newest,
    /// Its own, so that the simulation fails if that has expired.
    Own,
}

/// Simulates the transaction with this message. Signatures are not needed. The fee is that of a transaction
/// with the limits that follow from the simulation, at `priority_fee` micro-lamports for a compute unit.
pub(crate) async fn simulate_message(
    ledger: &Ledger,
    message: &VersionedMessage,
    blockhash: Blockhash,
    priority_fee: u64,
) -> Result<Simulation> {
    let accounts = account_uses(message);
    let payer = message.static_account_keys()[0];
    let writable: Vec<Pubkey> = accounts
        .iter()
        .filter(|account| account.is_writable && account.address != payer)
        .map(|account| account.address)
        .collect();
    let before = lamports(ledger, &writable).await?;

    let signatures = usize::from(message.header().num_required_signatures);
    let unsigned = VersionedTransaction {
        signatures: vec![Signature::default(); signatures],
        message: message.clone(),
    };
    let config = RpcSimulateTransactionConfig {
        sig_verify: false,
        replace_recent_blockhash: blockhash == Blockhash::Newest,
        commitment: Some(ledger.commitment()),
        accounts: Some(RpcSimulateTransactionAccountsConfig {
            encoding: Some(UiAccountEncoding::Base64),
            addresses: writable.iter().map(Pubkey::to_string).collect(),
        }),
        ..RpcSimulateTransactionConfig::default()
    };
    let response = ledger
        .rpc()
        .simulate_transaction_with_config(&unsigned, config)
        .await;
    let result = response.map_err(|error| ledger.rpc_error(error))?.value;
    if let Some(error) = result.err {
        let logs = result.logs.unwrap_or_default();
        return Err(refused(ledger, &error.into(), message, logs).await);
    }

    let after: u64 = result
        .accounts
        .iter()
        .flatten()
        .flatten()
        .map(|account| account.lamports)
        .sum();
    let mut simulation = Simulation {
        compute_units: result.units_consumed.unwrap_or_default(),
        loaded_bytes: result.loaded_accounts_data_size,
        fee: 0,
        rent: after as i64 - before as i64,
        accounts,
    };
    let priority = priority_lamports(priority_fee, simulation.unit_limit());
    simulation.fee = signatures as u64 * LAMPORTS_PER_SIGNATURE + priority;
    Ok(simulation)
}

/// Every account that `message` names, and what its instructions may do to it.
fn account_uses(message: &VersionedMessage) -> Vec<AccountUse> {
    let keys = message.static_account_keys().iter().enumerate();
    keys.map(|(index, address)| AccountUse {
        address: *address,
        is_signer: message.is_signer(index),
        is_writable: message
            .is_maybe_writable_with_reserved_addresses(index, None::<&HashSet<Pubkey>>),
    })
    .collect()
}

async fn lamports(ledger: &Ledger, addresses: &[Pubkey]) -> Result<u64> {
    let accounts = ledger
        .rpc()
        .get_multiple_accounts_with_commitment(addresses, ledger.commitment())
        .await
        .map_err(|error| ledger.rpc_error(error))?
        .value;
    Ok(accounts
        .iter()
        .flatten()
        .map(|account| account.lamports)
        .sum())
}
