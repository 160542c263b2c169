//! One instruction to the custody program, as a transaction holds it.

use anchor_lang::Discriminator;
use custody::instruction::{Merge, Split};
use solana_pubkey::Pubkey;

/// An instruction to the custody program, wherever in the transaction it was.
pub(super) struct Invocation {
    pub(super) accounts: Vec<Pubkey>,
    pub(super) data: Vec<u8>,
}

impl Invocation {
    pub(super) fn of(instruction: &solana_instruction::Instruction) -> Self {
        Self {
            accounts: instruction
                .accounts
                .iter()
                .map(|meta| meta.pubkey)
                .collect(),
            data: instruction.data.clone(),
        }
    }

    pub(super) fn account(&self, index: usize) -> Option<Pubkey> {
        self.accounts.get(index).copied()
    }

    /// An account that an instruction may leave out; the program's own address stands for it then.
    pub(super) fn optional_account(&self, index: usize) -> Option<Pubkey> {
        self.account(index)
            .filter(|account| *account != custody::ID)
    }

    pub(super) fn is<T: Discriminator>(&self) -> bool {
        self.data.starts_with(T::DISCRIMINATOR)
    }

    /// The consignment whose history becomes a part of `address`'s: its parent, or a neighbour that is merged
    /// into it.
    pub(super) fn relative(&self, address: &Pubkey) -> Option<Pubkey> {
        let about = |index| self.account(index) == Some(*address);
        if self.is::<Split>() && about(4) || self.is::<Merge>() && about(2) {
            self.account(3)
        } else {
            None
        }
    }

    /// The consignment that `address` was merged into.
    pub(super) fn merged_into(&self, address: &Pubkey) -> Option<Pubkey> {
        (self.is::<Merge>() && self.account(3) == Some(*address))
            .then(|| self.account(2))
            .flatten()
    }
}
