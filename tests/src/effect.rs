//! What must happen: an instruction leaves exact bytes in the accounts it changes, and every other
//! account that it names as it was.

use std::collections::BTreeMap;

use anchor_lang::{Address, Discriminator, Owner, solana_program::instruction::Instruction};
use bytemuck::Pod;
use litesvm::types::TransactionMetadata;
use solana_account::Account;
use solana_transaction_error::TransactionError;

use crate::{layout, ledger::Ledger};

/// An account and what is to become of it.
pub enum Effect {
    /// It is to hold these bytes.
    Change(Address, Vec<u8>),
    /// It is to exist, with the rent that `payer` pays for it.
    Creation {
        account: Address,
        owner: Address,
        data: Vec<u8>,
        payer: Address,
    },
    /// It is to be gone, and all its lamports with `payee`.
    Closing { account: Address, payee: Address },
}

impl Effect {
    /// The account that comes into being with these fields.
    pub fn creation<T: Pod + Discriminator + Owner>(
        account: Address,
        fields: &T,
        payer: Address,
    ) -> Self {
        Self::Creation {
            account,
            owner: T::OWNER,
            data: layout::encode(fields),
            payer,
        }
    }
}

/// What an instruction came to, and what the accounts that it names held then.
#[derive(Debug, PartialEq)]
pub struct Outcome {
    pub result: Result<(), TransactionError>,
    pub accounts: Vec<Option<Account>>,
}

impl Ledger {
    /// What an instruction would come to.
    pub fn outcome(&self, instruction: &Instruction) -> Outcome {
        let mut ledger = self.clone();
        let result = ledger.attempt(instruction);
        Outcome {
            result: result.map(drop).map_err(|failed| failed.err),
            accounts: instruction
                .accounts
                .iter()
                .map(|meta| ledger.find_account(meta.pubkey))
                .collect(),
        }
    }

    /// What `account` is to hold if `change` is all that happens to it.
    #[track_caller]
    pub fn effect<T: Pod + Discriminator>(
        &self,
        account: Address,
        change: impl FnOnce(&mut T),
    ) -> Effect {
        let mut fields: T = self.read(account);
        change(&mut fields);
        Effect::Change(account, layout::encode(&fields))
    }

    /// Expects an instruction to succeed with these effects and no others.
    #[track_caller]
    pub fn execute_with_effects(
        &mut self,
        instruction: &Instruction,
        effects: &[Effect],
    ) -> TransactionMetadata {
        let mut expected = Expected(
            instruction
                .accounts
                .iter()
                .map(|meta| (meta.pubkey, self.find_account(meta.pubkey)))
                .collect(),
        );
        for effect in effects {
            match effect {
                Effect::Change(account, data) => expected.account(account).data.clone_from(data),
                Effect::Creation {
                    account,
                    owner,
                    data,
                    payer,
                } => {
                    let rent = self.rent(data.len());
                    expected.account(payer).lamports -= rent;
                    expected.create(
                        account,
                        Account {
                            lamports: rent,
                            data: data.clone(),
                            owner: *owner,
                            executable: false,
                            rent_epoch: u64::MAX,
                        },
                    );
                }
                Effect::Closing { account, payee } => {
                    let lamports = expected.close(account);
                    expected.account(payee).lamports += lamports;
                }
            }
        }
        let metadata = self.execute(instruction);
        for (address, account) in expected.0 {
            assert_eq!(self.find_account(address), account, "{address}");
        }
        metadata
    }
}

/// The accounts that an instruction names, as it is to leave them.
struct Expected(BTreeMap<Address, Option<Account>>);

impl Expected {
    #[track_caller]
    fn slot(&mut self, address: &Address) -> &mut Option<Account> {
        self.0
            .get_mut(address)
            .expect("the instruction names the account that it changes")
    }

    #[track_caller]
    fn account(&mut self, address: &Address) -> &mut Account {
        self.slot(address).as_mut().expect("the account exists")
    }

    #[track_caller]
    fn create(&mut self, address: &Address, account: Account) {
        let before = self.slot(address).replace(account);
        assert_eq!(before, None, "the account exists already");
    }

    /// Takes the account away, and says what it held.
    #[track_caller]
    fn close(&mut self, address: &Address) -> u64 {
        self.slot(address)
            .take()
            .expect("the account exists")
            .lamports
    }
}
