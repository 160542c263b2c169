//! The cost of one instruction, executed alone in a transaction.

use std::collections::BTreeSet;

use anchor_lang::{Address, solana_program::instruction::Instruction};
use program_tests::{address, ledger::Ledger};
use solana_sdk_ids::bpf_loader_upgradeable;
use solana_transaction::versioned::VersionedTransaction;

/// What an instruction cost.
pub struct Measurement {
    pub program: &'static str,
    pub instruction: String,
    /// Of the whole transaction, which holds nothing else.
    pub compute_units: u64,
    /// Bytes of instruction data.
    pub data_bytes: usize,
    /// Accounts that the instruction names.
    pub accounts: usize,
    /// Bytes of the signed transaction, as a legacy one: 1,232 at most.
    pub transaction_bytes: usize,
    /// Bytes of accounts that the runtime loads for it, programs included.
    pub loaded_bytes: usize,
    /// What the cost model counts for it towards a block's limit.
    pub cost_units: u64,
    /// Bytes of accounts that it created.
    pub new_bytes: usize,
    /// Lamports that keep those on the ledger, at the default rent.
    pub rent: u64,
}

/// Executes the instruction, which must succeed.
pub fn measure(
    ledger: &mut Ledger,
    program: &'static str,
    name: impl Into<String>,
    instruction: &Instruction,
) -> Measurement {
    let account_bytes = |ledger: &Ledger| -> (usize, u64) {
        let accounts = instruction
            .accounts
            .iter()
            .filter_map(|meta| ledger.find_account(meta.pubkey));
        accounts.filter(|account| !account.data.is_empty()).fold(
            (0, 0),
            |(bytes, rent), account| {
                let size = account.data.len();
                (bytes + size, rent + ledger.rent(size))
            },
        )
    };
    let before = account_bytes(ledger);
    let transaction = ledger.sign(std::slice::from_ref(instruction), &Default::default());
    let compute_units = ledger.execute(instruction).compute_units_consumed;
    let after = account_bytes(ledger);
    let loaded_bytes = loaded_bytes(ledger, &transaction);
    Measurement {
        program,
        instruction: name.into(),
        compute_units,
        data_bytes: instruction.data.len(),
        accounts: instruction.accounts.len(),
        transaction_bytes: wire_bytes(&transaction),
        loaded_bytes,
        cost_units: cost_units(&transaction, compute_units, loaded_bytes),
        new_bytes: after.0.saturating_sub(before.0),
        rent: after.1.saturating_sub(before.1),
    }
}

/// Bytes of a signed transaction on the wire.
pub fn wire_bytes(transaction: &VersionedTransaction) -> usize {
    const SIGNATURE: usize = 64;
    let signatures = 1 + SIGNATURE * transaction.signatures.len();
    signatures + transaction.message.serialize().len()
}

/// Every account of the transaction, with 64 bytes for each and the code of upgradeable programs
/// (SIMD-0186).
fn loaded_bytes(ledger: &Ledger, transaction: &VersionedTransaction) -> usize {
    const OVERHEAD: usize = 64;
    let mut loaded: BTreeSet<Address> = transaction
        .message
        .static_account_keys()
        .iter()
        .copied()
        .collect();
    for key in loaded.clone() {
        let account = ledger.find_account(key);
        if account.is_some_and(|account| account.owner == bpf_loader_upgradeable::ID) {
            loaded.insert(address::program_data(&key));
        }
    }
    let sizes = loaded
        .into_iter()
        .filter_map(|key| ledger.find_account(key))
        .map(|account| OVERHEAD + account.data.len());
    sizes.sum()
}

/// The cost model's units: signatures, write locks, instruction data, compute and loaded pages.
fn cost_units(transaction: &VersionedTransaction, compute_units: u64, loaded_bytes: usize) -> u64 {
    const SIGNATURE: u64 = 720;
    const WRITE_LOCK: u64 = 300;
    const DATA_BYTES_PER_UNIT: u64 = 4;
    const PAGE: u64 = 32 * 1024;
    const LOADED_PAGE: u64 = 8;
    let message = &transaction.message;
    let writable = (0..message.static_account_keys().len())
        .filter(|&index| {
            message.is_maybe_writable_with_reserved_addresses(index, None::<&BTreeSet<Address>>)
        })
        .count();
    let data: usize = message.instructions().iter().map(|ix| ix.data.len()).sum();
    SIGNATURE * transaction.signatures.len() as u64
        + WRITE_LOCK * writable as u64
        + data as u64 / DATA_BYTES_PER_UNIT
        + compute_units
        + LOADED_PAGE * (loaded_bytes as u64).div_ceil(PAGE)
}
