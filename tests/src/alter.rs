//! The alterations that make an instruction wrong, or unusual, in ways that its builder does not offer.

use anchor_lang::{AccountMeta, Address, solana_program::instruction::Instruction};

/// Makes another instruction of one. Panics where it does not name the account to alter or does not
/// have the bytes, so that no test passes because nothing was altered.
pub trait Alter: Sized {
    /// Replaces `account` by `stand_in` wherever it is named.
    fn replacing(self, account: Address, stand_in: Address) -> Self;

    /// No longer asks for the signature of `key`.
    fn unsigned(self, key: Address) -> Self;

    /// Makes `account` read-only.
    fn read_only(self, account: Address) -> Self;

    /// Adds `account`, read-only, at this place among the accounts.
    fn inserting(self, place: usize, account: Address) -> Self;

    /// Overwrites its data with `bytes` from byte `offset` on. The arguments begin at offset 1, after the
    /// discriminator.
    fn with_data(self, offset: usize, bytes: &[u8]) -> Self;

    /// Appends a byte to the data. It has no meaning, but the custody program's hot path leaves such an
    /// instruction to Anchor's dispatcher.
    fn the_long_way(self) -> Self;
}

impl Alter for Instruction {
    fn replacing(mut self, account: Address, stand_in: Address) -> Self {
        each_meta(&mut self, account, |meta| meta.pubkey = stand_in);
        self
    }

    fn unsigned(mut self, key: Address) -> Self {
        each_meta(&mut self, key, |meta| meta.is_signer = false);
        self
    }

    fn read_only(mut self, account: Address) -> Self {
        each_meta(&mut self, account, |meta| meta.is_writable = false);
        self
    }

    fn inserting(mut self, place: usize, account: Address) -> Self {
        let meta = AccountMeta::new_readonly(account, false);
        self.accounts.insert(place, meta);
        self
    }

    fn with_data(mut self, offset: usize, bytes: &[u8]) -> Self {
        let end = offset + bytes.len();
        assert!(
            end <= self.data.len(),
            "the instruction has {} bytes of data and none at {end}",
            self.data.len()
        );
        self.data[offset..end].copy_from_slice(bytes);
        self
    }

    fn the_long_way(mut self) -> Self {
        self.data.push(0);
        self
    }
}

fn each_meta(instruction: &mut Instruction, account: Address, alter: impl FnMut(&mut AccountMeta)) {
    let mut named = instruction
        .accounts
        .iter_mut()
        .filter(|meta| meta.pubkey == account)
        .peekable();
    assert!(
        named.peek().is_some(),
        "the instruction does not name {account}"
    );
    named.for_each(alter);
}
