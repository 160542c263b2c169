//! Effects: an instruction leaves exact bytes in the accounts that it changes, and every other account
//! that it names unchanged.

use std::collections::BTreeMap;

use anchor_lang::{Address, Discriminator, Owner, solana_program::instruction::Instruction};
use bytemuck::Pod;
use litesvm::types::TransactionMetadata;
use solana_account::Account;
use solana_transaction_error::TransactionError;

use crate::{layout, ledger::Ledger};

/// What must happen to an account.
pub enum Effect {
    /// It must hold these bytes.
    Change(Address, Vec<u8>),
    /// It must exist, with rent that `payer` paid.
    Creation {
        account: Address,
        owner: Address,
        data: Vec<u8>,
        payer: Address,
    },
    /// It must be gone, and `payee` must have its lamports.
    Closing { account: Address, payee: Address },
}

impl Effect {
    /// The creation of an account with these fields.
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

/// The outcome of an instruction, and the accounts that it names after it.
#[derive(Debug, PartialEq)]
pub struct Outcome {
    pub result: Result<(), TransactionError>,
    pub accounts: Vec<Option<Account>>,
}

impl Ledger {
    /// The outcome that an instruction would have.
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

    /// The effect that `change`, and nothing else, happens to `account`.
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

/// The accounts that an instruction names, as it must leave them.
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

    /// Removes the account and returns its lamports.
    #[track_caller]
    fn close(&mut self, address: &Address) -> u64 {
        self.slot(address)
            .take()
            .expect("the account exists")
            .lamports
    }
}
