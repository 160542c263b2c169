//! What is to be sent, before it is signed.

use std::collections::BTreeSet;

use solana_instruction::Instruction;
use solana_pubkey::Pubkey;

/// One transaction to send, or several one after the other.
///
/// It was made from the ledger as it was read. If something changed before it is sent, the programs
/// refuse it, or [`Submitter::send`](crate::transaction::Submitter::send) does after its simulation.
#[derive(Clone, Debug)]
pub struct Plan {
    /// What it does, as a question would ask: `offer 100 units to 9506000000039 (sale)`.
    pub purpose: String,
    /// The instructions of each transaction. Each transaction is done as a whole or not at all.
    pub transactions: Vec<Vec<Instruction>>,
    /// The accounts that it creates and that will be named next.
    pub creates: Vec<Created>,
}

/// An account that a plan creates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Created {
    /// Its type, in a word: `consignment`.
    pub what: &'static str,
    /// Where it will be.
    pub address: Pubkey,
}

impl Plan {
    /// A single instruction. `purpose` says what it does.
    pub fn new(purpose: impl Into<String>, instruction: Instruction) -> Self {
        Self::of_many(purpose, vec![vec![instruction]])
    }

    /// Several transactions, each with its instructions.
    pub fn of_many(purpose: impl Into<String>, transactions: Vec<Vec<Instruction>>) -> Self {
        Self {
            purpose: purpose.into(),
            transactions,
            creates: Vec::new(),
        }
    }

    /// Adds an account that it creates.
    #[must_use]
    pub fn creating(mut self, what: &'static str, address: Pubkey) -> Self {
        self.creates.push(Created { what, address });
        self
    }

    /// The keys that must sign, besides the one that pays the fees.
    pub fn signers(&self) -> BTreeSet<Pubkey> {
        self.transactions
            .iter()
            .flatten()
            .flat_map(|instruction| &instruction.accounts)
            .filter(|account| account.is_signer)
            .map(|account| account.pubkey)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use solana_instruction::AccountMeta;

    use super::*;

    #[test]
    fn every_signer_is_named_once() {
        let [program, site, witness, other] = std::array::from_fn(|_| Pubkey::new_unique());
        let signed = |keys: &[Pubkey]| {
            let mut accounts = vec![AccountMeta::new(other, false)];
            accounts.extend(keys.iter().map(|key| AccountMeta::new_readonly(*key, true)));
            Instruction::new_with_bytes(program, &[], accounts)
        };
        let transactions = vec![vec![signed(&[site]), signed(&[site, witness])]];
        let plan = Plan::of_many("do it", transactions);
        assert_eq!(plan.signers(), BTreeSet::from([site, witness]));
    }
}
