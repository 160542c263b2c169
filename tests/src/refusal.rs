//! Refusals: an instruction fails with one exact error and leaves every account that it names
//! unchanged.

use std::collections::BTreeMap;

use anchor_lang::{
    Address, Discriminator, ErrorCode, Owner, prelude::ProgramError,
    solana_program::instruction::Instruction,
};
use bytemuck::Pod;
use custody::{Case, Consignment, Lot, Transfer, UnitPage, UnitRecord};
use recall::{Claims, Proofs, Recall, Response, Scope, Tranche};
use registry::{Issuer, Operator, Partner, Product, Registry};
use solana_account::Account;
use solana_instruction_error::InstructionError;
use solana_sdk_ids::system_program;
use solana_transaction_error::TransactionError;

use crate::{
    alter::Alter,
    layout::{self, DISCRIMINATOR_BYTES},
    ledger::Ledger,
};

/// Where stand-ins are put: no program derives this address.
const ELSEWHERE: Address = Address::new_from_array([0xE1; 32]);

/// The error of a transaction whose instruction number `place`, counted from 0, is refused.
pub fn failure(place: u8, refusal: impl Into<ProgramError>) -> TransactionError {
    let refusal = InstructionError::from(u64::from(refusal.into()));
    TransactionError::InstructionError(place, refusal)
}

impl Ledger {
    /// Expects an instruction to be refused, and to change no account.
    #[track_caller]
    pub fn refuse(&mut self, instruction: &Instruction, refusal: impl Into<ProgramError>) {
        let expected = failure(0, refusal);
        let accounts = |ledger: &Self| -> Vec<Option<Account>> {
            instruction
                .accounts
                .iter()
                .map(|meta| ledger.find_account(meta.pubkey))
                .collect()
        };
        let before = accounts(self);
        match self.attempt(instruction) {
            Ok(_) => panic!("succeeded instead of {expected:?}"),
            Err(failed) => {
                assert_eq!(failed.err, expected, "{}", failed.meta.pretty_logs());
            }
        }
        assert_eq!(
            accounts(self),
            before,
            "a refused instruction changed an account"
        );
    }

    /// Expects refusals without the signature of each of these keys.
    #[track_caller]
    pub fn refuse_unsigned(&mut self, instruction: &Instruction, keys: &[Address]) {
        for key in keys {
            let unsigned = instruction.clone().unsigned(*key);
            self.refuse(&unsigned, ProgramError::MissingRequiredSignature);
        }
    }

    /// Puts, in place of each typed account: nothing; a look-alike that another program owns; the
    /// same bytes, one short; the same bytes under another discriminator; a genuine account of
    /// each other type. A writable one is passed for reading only, too.
    #[track_caller]
    pub fn refuse_stand_ins(&mut self, instruction: &Instruction, accounts: &[Address]) {
        let genuine_of_each_type = self.one_of_each_type();
        for &account in accounts {
            let writable = instruction
                .accounts
                .iter()
                .any(|meta| meta.pubkey == account && meta.is_writable);
            let elsewhere = instruction.clone().replacing(account, ELSEWHERE);
            let nothing = if writable {
                ProgramError::AccountDataTooSmall
            } else {
                ProgramError::UninitializedAccount
            };
            self.refuse(&elsewhere, nothing);

            let genuine = self.account(account);
            let other_owner = if genuine.owner == registry::ID {
                custody::ID
            } else {
                registry::ID
            };
            let mut stand_ins = vec![
                Account {
                    owner: other_owner,
                    ..genuine.clone()
                },
                Account {
                    data: genuine.data[..genuine.data.len() - 1].to_vec(),
                    ..genuine.clone()
                },
            ];
            for (discriminator, other) in &genuine_of_each_type {
                if !genuine.data.starts_with(discriminator) {
                    let renamed = [
                        discriminator.as_slice(),
                        &genuine.data[DISCRIMINATOR_BYTES..],
                    ]
                    .concat();
                    stand_ins.push(Account {
                        data: renamed,
                        ..genuine.clone()
                    });
                    stand_ins.push(other.clone());
                }
            }
            for stand_in in stand_ins {
                let refusal = refusal_of(&stand_in, &genuine, writable);
                self.set_account(ELSEWHERE, stand_in);
                self.refuse(&elsewhere, refusal);
            }
            self.set_account(ELSEWHERE, Account::default());

            if writable {
                let read_only = instruction.clone().read_only(account);
                self.refuse(&read_only, ErrorCode::ConstraintMut);
            }
        }
    }

    /// For an instruction that creates `account`: has it created elsewhere, and by something else
    /// than the System program.
    #[track_caller]
    pub fn refuse_misplaced(&mut self, instruction: &Instruction, account: Address) {
        let elsewhere = instruction.clone().replacing(account, ELSEWHERE);
        self.refuse(&elsewhere, ErrorCode::ConstraintSeeds);
        let no_system = instruction
            .clone()
            .replacing(system_program::ID, custody::ID);
        self.refuse(&no_system, ProgramError::IncorrectProgramId);
    }

    /// For an instruction that creates `accounts`: executes it where somebody has sent lamports to
    /// them in advance, less than the rent and more than it.
    #[track_caller]
    pub fn execute_prefunded(&mut self, instruction: &Instruction, accounts: &[Address]) {
        let mut empty = self.clone();
        empty.execute(instruction);
        for &account in accounts {
            let created = empty.account(account);
            let rent = empty.rent(created.data.len());
            assert_eq!(
                created.lamports, rent,
                "the payer pays the rent and no more"
            );
            for advance in [self.rent(0), rent, 2 * rent] {
                let mut prefunded = self.clone();
                prefunded.fund(account, advance);
                prefunded.execute(instruction);
                let expected = Account {
                    lamports: rent.max(advance),
                    ..created.clone()
                };
                assert_eq!(prefunded.account(account), expected);
            }
        }
    }

    /// An account of each of the programs' types by its discriminator: a genuine one if the ledger
    /// has it, else a blank one.
    fn one_of_each_type(&self) -> BTreeMap<Vec<u8>, Account> {
        let blank = [
            self.blank::<Registry>(),
            self.blank::<Issuer>(),
            self.blank::<Partner>(),
            self.blank::<Operator>(),
            self.blank::<Product>(),
            self.blank::<Lot>(),
            self.blank::<Consignment>(),
            self.blank::<Transfer>(),
            self.blank::<Case>(),
            self.blank::<UnitPage>(),
            self.blank::<UnitRecord>(),
            self.blank::<Recall>(),
            self.blank::<Response>(),
            self.blank::<Scope>(),
            self.blank::<Proofs>(),
            self.blank::<Tranche>(),
            self.blank::<Claims>(),
        ];
        let genuine = [registry::ID, custody::ID, recall::ID]
            .into_iter()
            .flat_map(|program| self.accounts_of(&program))
            .map(|(_, account)| account);
        blank
            .into_iter()
            .chain(genuine)
            .map(|account| (account.data[..DISCRIMINATOR_BYTES].to_vec(), account))
            .collect()
    }

    fn blank<T: Pod + Discriminator + Owner>(&self) -> Account {
        let data = layout::encode(&T::zeroed());
        Account {
            lamports: self.rent(data.len()),
            data,
            owner: T::OWNER,
            executable: false,
            rent_epoch: u64::MAX,
        }
    }
}

/// How Anchor refuses an account that stands in for a genuine one: it checks the size of a writable
/// account before its owner, and the discriminator last.
fn refusal_of(stand_in: &Account, genuine: &Account, writable: bool) -> ProgramError {
    let too_small = stand_in.data.len() < genuine.data.len();
    if stand_in.owner != genuine.owner && !(writable && too_small) {
        ProgramError::IllegalOwner
    } else if too_small {
        ProgramError::AccountDataTooSmall
    } else {
        ProgramError::InvalidAccountData
    }
}
