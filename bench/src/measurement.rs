//! One instruction, executed alone in a transaction, and what that cost.

use anchor_lang::solana_program::instruction::Instruction;
use program_tests::ledger::Ledger;

/// What an instruction cost.
pub struct Measurement {
    pub program: &'static str,
    pub instruction: &'static str,
    /// Of the whole transaction, which holds nothing else.
    pub compute_units: u64,
    /// Bytes of instruction data.
    pub data_bytes: usize,
    /// Accounts that the instruction names.
    pub accounts: usize,
    /// Bytes of the signed legacy transaction; 1,232 at most.
    pub transaction_bytes: usize,
    /// Bytes of accounts that it created.
    pub new_bytes: usize,
}

/// Executes the instruction, which must succeed.
pub fn measure(
    ledger: &mut Ledger,
    program: &'static str,
    name: &'static str,
    instruction: &Instruction,
) -> Measurement {
    let account_bytes = |ledger: &Ledger| -> usize {
        let accounts = instruction
            .accounts
            .iter()
            .filter_map(|meta| ledger.find_account(meta.pubkey));
        accounts.map(|account| account.data.len()).sum()
    };
    let bytes_before = account_bytes(ledger);
    let transaction = ledger.sign(std::slice::from_ref(instruction), &Default::default());
    let metadata = ledger.execute(instruction);
    Measurement {
        program,
        instruction: name,
        compute_units: metadata.compute_units_consumed,
        data_bytes: instruction.data.len(),
        accounts: instruction.accounts.len(),
        transaction_bytes: 1
            + 64 * transaction.signatures.len()
            + transaction.message.serialize().len(),
        new_bytes: account_bytes(ledger).saturating_sub(bytes_before),
    }
}
