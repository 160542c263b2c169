//! Durable nonces: what a transaction names instead of a blockhash if it has to live longer than the
//! minute or two for which a blockhash is valid.
//!
//! A nonce account holds a hash. A transaction that names it begins with the instruction that replaces the
//! hash, so it is processed at most once, and only until somebody else advances the nonce. One nonce serves
//! one transaction at a time. `solana create-nonce-account` makes one.

use solana_account::Account;
use solana_hash::Hash;
use solana_instruction::Instruction;
use solana_nonce::{state::State, versions::Versions};
use solana_pubkey::Pubkey;
use solana_sdk_ids::system_program;
use solana_system_interface::instruction::{SystemInstruction, advance_nonce_account};

use crate::{
    error::{Error, Result},
    ledger::Ledger,
};

/// A nonce account, and who may advance it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DurableNonce {
    /// The account.
    pub account: Pubkey,
    /// The key that signs for it.
    pub authority: Pubkey,
}

impl DurableNonce {
    /// The nonce that an instruction advances, if it does that and nothing else.
    pub fn advanced_by(instruction: &Instruction) -> Option<Self> {
        let [account, _, authority] = &instruction.accounts[..] else {
            return None;
        };
        let nonce = Self {
            account: account.pubkey,
            authority: authority.pubkey,
        };
        let data: SystemInstruction = bincode::deserialize(&instruction.data).ok()?;
        let is_advance = instruction.program_id == system_program::ID
            && data == SystemInstruction::AdvanceNonceAccount;
        is_advance.then_some(nonce)
    }

    /// The nonce that a transaction with these instructions names: the first one has to advance it.
    pub fn named_by(instructions: &[Instruction]) -> Option<Self> {
        instructions.first().and_then(Self::advanced_by)
    }

    pub(crate) fn advance(&self) -> Instruction {
        advance_nonce_account(&self.account, &self.authority)
    }
}

/// The value of the nonce account at `address`, and the key that may advance it.
///
/// # Errors
///
/// [`Error::NoNonce`] if it is not a nonce account.
pub async fn read_nonce(ledger: &Ledger, address: &Pubkey) -> Result<(Hash, Pubkey)> {
    let (_, accounts) = ledger.accounts(&[*address]).await?;
    let account = accounts.into_iter().next().flatten();
    account
        .as_ref()
        .and_then(decode)
        .ok_or(Error::NoNonce(*address))
}

fn decode(account: &Account) -> Option<(Hash, Pubkey)> {
    if account.owner != system_program::ID {
        return None;
    }
    let versions: Versions = bincode::deserialize(&account.data).ok()?;
    match versions.state() {
        State::Initialized(data) => Some((data.blockhash(), data.authority)),
        State::Uninitialized => None,
    }
}

#[cfg(test)]
mod tests {
    use solana_nonce::state::{Data, DurableNonce as Value};
    use solana_system_interface::instruction::transfer;

    use super::*;

    #[test]
    fn only_its_own_instruction_advances_a_nonce() {
        let [account, authority] = std::array::from_fn(|_| Pubkey::new_unique());
        let nonce = DurableNonce { account, authority };
        assert_eq!(DurableNonce::advanced_by(&nonce.advance()), Some(nonce));
        let payment = transfer(&account, &authority, 1);
        assert_eq!(DurableNonce::advanced_by(&payment), None);
        let by_another = Instruction {
            program_id: account,
            ..nonce.advance()
        };
        assert_eq!(DurableNonce::advanced_by(&by_another), None);
    }

    #[test]
    fn a_nonce_account_holds_a_value_and_an_authority() {
        let authority = Pubkey::new_unique();
        let value = Value::from_blockhash(&Hash::new_from_array([7; 32]));
        let state = State::Initialized(Data::new(authority, value, 5_000));
        let account = |state, owner| Account {
            data: bincode::serialize(&Versions::new(state)).unwrap(),
            owner,
            ..Account::default()
        };
        let nonce = account(state.clone(), system_program::ID);
        assert_eq!(decode(&nonce), Some((*value.as_hash(), authority)));
        assert_eq!(decode(&account(state, authority)), None);
        let unused = account(State::Uninitialized, system_program::ID);
        assert_eq!(decode(&unused), None);
        assert_eq!(decode(&Account::default()), None);
    }
}
