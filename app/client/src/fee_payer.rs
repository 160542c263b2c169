//! What fits into one transaction.

use solana_compute_budget_interface::ComputeBudgetInstruction;
use solana_hash::Hash;
use solana_instruction::Instruction;
use solana_message::Message;
use solana_pubkey::Pubkey;

use crate::nonce::DurableNonce;

/// The largest legacy transaction, in bytes: what one packet holds.
pub const MAX_BYTES: usize = 1_232;

/// Lamports that every signature costs.
pub const LAMPORTS_PER_SIGNATURE: u64 = 5_000;

/// Bytes of a signature.
const SIGNATURE_BYTES: usize = 64;

/// Lamports for `units` compute units at `price` micro-lamports each, rounded up.
pub(crate) fn priority_lamports(price: u64, units: u32) -> u64 {
    let micro_lamports = u128::from(price) * u128::from(units);
    u64::try_from(micro_lamports.div_ceil(1_000_000)).unwrap_or(u64::MAX)
}

/// Who pays for transactions. Besides its instructions, a transaction's size depends on this alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FeePayer {
    /// The key that signs for fees and, as the instructions' payer, for rent.
    pub key: Pubkey,
    /// Micro-lamports for each compute unit, to be processed sooner; zero for none.
    pub priority_fee: u64,
    /// The nonce that its transactions name, if they are to live longer than a blockhash.
    pub nonce: Option<DurableNonce>,
}

impl FeePayer {
    /// A payer who pays no priority fee.
    pub const fn new(key: Pubkey) -> Self {
        Self {
            key,
            priority_fee: 0,
            nonce: None,
        }
    }

    /// Whether the instructions fit into one transaction, with the limits that
    /// [`Submitter::send`](crate::transaction::Submitter::send) puts before them.
    pub fn fits(&self, instructions: &[Instruction]) -> bool {
        let mut limited = self.limits(u32::MAX, Some(u32::MAX));
        limited.extend_from_slice(instructions);
        let message = self.message(&limited, &Hash::default());
        let signatures = usize::from(message.header.num_required_signatures);
        // The number of signatures takes a byte.
        1 + signatures * SIGNATURE_BYTES + message.serialize().len() <= MAX_BYTES
    }

    /// Puts the instructions, in their order, into as few transactions as they fit in.
    ///
    /// An instruction that fits into none gets one of its own, which the cluster will refuse.
    pub fn bundle(&self, instructions: Vec<Instruction>) -> Vec<Vec<Instruction>> {
        let mut transactions: Vec<Vec<Instruction>> = Vec::new();
        for instruction in instructions {
            if let Some(open) = transactions.last_mut() {
                open.push(instruction);
                if self.fits(open) {
                    continue;
                }
                let next = open.pop();
                transactions.push(next.into_iter().collect());
            } else {
                transactions.push(vec![instruction]);
            }
        }
        transactions
    }

    /// The instructions as a message that this key pays for. `lifetime` is a blockhash, or the nonce's
    /// value.
    pub(crate) fn message(&self, instructions: &[Instruction], lifetime: &Hash) -> Message {
        Message::new_with_blockhash(&self.with_nonce(instructions), Some(&self.key), lifetime)
    }

    /// The instructions behind the one that advances the nonce, which comes first in every transaction
    /// that names one.
    fn with_nonce(&self, instructions: &[Instruction]) -> Vec<Instruction> {
        let advance = self.nonce.map(|nonce| nonce.advance());
        advance.into_iter().chain(instructions.to_vec()).collect()
    }

    /// What sets the limits of compute units and of loaded bytes, and the price.
    pub(crate) fn limits(&self, units: u32, loaded_bytes: Option<u32>) -> Vec<Instruction> {
        let mut limits = vec![ComputeBudgetInstruction::set_compute_unit_limit(units)];
        limits.extend(
            loaded_bytes.map(ComputeBudgetInstruction::set_loaded_accounts_data_size_limit),
        );
        if self.priority_fee > 0 {
            limits.push(ComputeBudgetInstruction::set_compute_unit_price(
                self.priority_fee,
            ));
        }
        limits
    }
}
