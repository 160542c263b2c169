//! What must happen: an instruction leaves exact bytes in the accounts it changes, and every other
//! account that it names as it was.

use anchor_lang::{Address, Discriminator, solana_program::instruction::Instruction};
use bytemuck::Pod;
use litesvm::types::TransactionMetadata;

use crate::{layout, ledger::Ledger};

/// An account and the bytes it is to have.
pub struct Effect {
    account: Address,
    data: Vec<u8>,
}

impl Ledger {
    /// What `account` is to hold if `change` is all that happens to it.
    #[track_caller]
    pub fn effect<T: Pod + Discriminator>(
        &self,
        account: Address,
        change: impl FnOnce(&mut T),
    ) -> Effect {
        let mut fields: T = self.read(account);
        change(&mut fields);
        Effect {
            account,
            data: layout::encode(&fields),
        }
    }

    /// Expects an instruction to succeed with these effects and no others.
    #[track_caller]
    pub fn execute_with_effects(
        &mut self,
        instruction: &Instruction,
        effects: &[Effect],
    ) -> TransactionMetadata {
        let mut expected: Vec<_> = instruction
            .accounts
            .iter()
            .map(|meta| (meta.pubkey, self.find_account(meta.pubkey)))
            .collect();
        for effect in effects {
            let (_, account) = expected
                .iter_mut()
                .find(|(address, _)| *address == effect.account)
                .expect("the instruction names the account that it changes");
            account
                .as_mut()
                .expect("the account exists")
                .data
                .clone_from(&effect.data);
        }
        let metadata = self.execute(instruction);
        for (address, account) in expected {
            assert_eq!(self.find_account(address), account, "{address}");
        }
        metadata
    }
}
