//! Random mutations of instructions and of what their accounts hold: whatever comes in, the hot path and
//! Anchor's dispatcher leave the same bytes or the same refusal.
//!
//! `HOT_PATH_MUTATIONS` is the number of mutated instructions; `PROPTEST_RNG_SEED` repeats a run. A mutation
//! on which the two differ is made as small as it can be and shown.

use std::{cell::Cell, env};

use anchor_lang::{AccountMeta, Address, solana_program::instruction::Instruction};
use program_tests::{alter::Alter, effect::Outcome, ledger::Ledger};
use proptest::{prelude::*, sample::Index, test_runner::TestRunner};
use solana_account::Account;

use crate::{KINDS, Scene};

/// How many instructions are mutated unless `HOT_PATH_MUTATIONS` says otherwise.
const MUTATIONS: u32 = 20_000;

/// Numbers that rules compare with.
const NUMBERS: [u64; 6] = [0, 1, 7, 1 << 31, u32::MAX as u64, u64::MAX];

/// Something wrong or unusual. An [`Index`] is taken of what there is at that moment.
#[derive(Clone, Copy, Debug)]
enum Mutation {
    /// Another account of the ledger stands in a place.
    Replace(Index, Index),
    /// Two accounts change places.
    Swap(Index, Index),
    /// The account of one place stands in another one too.
    Repeat(Index, Index),
    /// An account of the ledger is named besides.
    Insert(Index, Index),
    /// An account is not named.
    Remove(Index),
    /// A signature is asked for that was not, or the other way round.
    Sign(Index),
    /// An account is writable that was not, or the other way round.
    Write(Index),
    /// Another byte in the instruction's arguments.
    Argument(Index, u8),
    /// Bytes after the arguments.
    Append(u8),
    /// Another byte in an account.
    Byte(Index, Index, u8),
    /// Another number, of 8 bytes, in an account: one that rules compare with, or another account's number.
    Number(Index, Index, Index, Index),
    /// An account is shorter or longer.
    Resize(Index, i8),
    /// An account is another program's.
    Own(Index, Index),
}

fn mutation() -> impl Strategy<Value = Mutation> {
    let index = any::<Index>;
    prop_oneof![
        3 => (index(), index()).prop_map(|(a, b)| Mutation::Replace(a, b)),
        1 => (index(), index()).prop_map(|(a, b)| Mutation::Swap(a, b)),
        1 => (index(), index()).prop_map(|(a, b)| Mutation::Repeat(a, b)),
        1 => (index(), index()).prop_map(|(a, b)| Mutation::Insert(a, b)),
        1 => index().prop_map(Mutation::Remove),
        1 => index().prop_map(Mutation::Sign),
        1 => index().prop_map(Mutation::Write),
        2 => (index(), any::<u8>()).prop_map(|(a, b)| Mutation::Argument(a, b)),
        1 => any::<u8>().prop_map(Mutation::Append),
        4 => (index(), index(), any::<u8>()).prop_map(|(a, b, c)| Mutation::Byte(a, b, c)),
        4 => (index(), index(), index(), index())
            .prop_map(|(a, b, c, d)| Mutation::Number(a, b, c, d)),
        1 => (index(), any::<i8>()).prop_map(|(a, b)| Mutation::Resize(a, b)),
        1 => (index(), index()).prop_map(|(a, b)| Mutation::Own(a, b)),
    ]
}

/// An instruction about to be mutated.
struct Subject {
    ledger: Ledger,
    instruction: Instruction,
    /// Every account on the ledger that could stand in a place.
    accounts: Vec<Address>,
}

impl Subject {
    fn new(mut scene: Scene) -> Self {
        scene.ledger.trust_signatures();
        let programs = [registry::ID, custody::ID, recall::ID];
        let of_programs = programs
            .iter()
            .flat_map(|program| scene.ledger.accounts_of(program));
        let mut accounts: Vec<Address> = of_programs.map(|(address, _)| address).collect();
        accounts.extend(scene.ledger.keys());
        accounts.extend(scene.instruction.accounts.iter().map(|meta| meta.pubkey));
        accounts.extend(programs);
        accounts.push(Address::new_from_array([0xEE; 32]));
        accounts.sort_unstable();
        accounts.dedup();
        Self {
            ledger: scene.ledger,
            instruction: scene.instruction,
            accounts,
        }
    }

    /// The mutated instruction, and the ledger that it meets.
    fn mutate(&self, mutations: &[Mutation]) -> (Ledger, Instruction) {
        let (mut ledger, mut instruction) = (self.ledger.clone(), self.instruction.clone());
        for &mutation in mutations {
            self.apply(mutation, &mut ledger, &mut instruction);
        }
        (ledger, instruction)
    }

    fn apply(&self, mutation: Mutation, ledger: &mut Ledger, instruction: &mut Instruction) {
        let any_of = |index: &Index| self.accounts[index.index(self.accounts.len())];
        let metas = &mut instruction.accounts;
        if metas.is_empty() {
            return;
        }
        let length = metas.len();
        let place = |index: &Index| index.index(length);
        match mutation {
            Mutation::Replace(at, by) => metas[place(&at)].pubkey = any_of(&by),
            Mutation::Swap(one, other) => {
                let (one, other) = (place(&one), place(&other));
                metas.swap(one, other);
            }
            Mutation::Repeat(at, of) => {
                let (at, of) = (place(&at), place(&of));
                metas[at].pubkey = metas[of].pubkey;
            }
            Mutation::Insert(at, account) => {
                let at = at.index(length + 1);
                metas.insert(at, AccountMeta::new(any_of(&account), false));
            }
            Mutation::Remove(at) => {
                let at = place(&at);
                metas.remove(at);
            }
            Mutation::Sign(at) => {
                let at = place(&at);
                metas[at].is_signer ^= true;
            }
            Mutation::Write(at) => {
                let at = place(&at);
                metas[at].is_writable ^= true;
            }
            // The first byte is the discriminator.
            Mutation::Argument(at, value) => {
                let at = 1 + at.index(instruction.data.len() - 1);
                instruction.data[at] = value;
            }
            Mutation::Append(value) => instruction.data.push(value),
            Mutation::Byte(at, offset, value) => {
                let address = metas[place(&at)].pubkey;
                alter(ledger, address, |account| {
                    if !account.data.is_empty() {
                        let offset = offset.index(account.data.len());
                        account.data[offset] = value;
                    }
                });
            }
            Mutation::Number(at, word, of, other_word) => {
                let numbers: Vec<u64> = ledger
                    .find_account(metas[place(&of)].pubkey)
                    .map(|account| account.data.as_chunks().0.to_vec())
                    .unwrap_or_default()
                    .into_iter()
                    .map(u64::from_le_bytes)
                    .chain(NUMBERS)
                    .collect();
                let number = numbers[other_word.index(numbers.len())];
                alter(ledger, metas[place(&at)].pubkey, |account| {
                    let words = account.data.as_chunks_mut().0;
                    if !words.is_empty() {
                        let word = word.index(words.len());
                        words[word] = number.to_le_bytes();
                    }
                });
            }
            Mutation::Resize(at, by) => {
                alter(ledger, metas[place(&at)].pubkey, |account| {
                    let length = account.data.len().saturating_add_signed(by.into());
                    account.data.resize(length, 0);
                });
            }
            Mutation::Own(at, owner) => {
                let owner = any_of(&owner);
                alter(ledger, metas[place(&at)].pubkey, |account| {
                    account.owner = owner;
                });
            }
        }
    }
}

/// Changes an account, if there is one and it is not a program or a sysvar.
fn alter(ledger: &mut Ledger, address: Address, change: impl FnOnce(&mut Account)) {
    if let Some(mut account) = ledger.find_account(address)
        && !account.executable
        && address != solana_sdk_ids::sysvar::clock::ID
    {
        change(&mut account);
        ledger.set_account(address, account);
    }
}

/// The instruction's outcome; the ledger is then as it was.
fn outcome(ledger: &mut Ledger, instruction: &Instruction) -> Outcome {
    let named = || instruction.accounts.iter().map(|meta| meta.pubkey);
    let before: Vec<_> = named()
        .map(|address| ledger.find_account(address))
        .collect();
    let result = ledger.attempt(instruction);
    let accounts = named()
        .map(|address| ledger.find_account(address))
        .collect();
    for (address, account) in named().zip(before) {
        if ledger.find_account(address) != account {
            ledger.set_account(address, account.unwrap_or_default());
        }
    }
    Outcome {
        result: result.map(drop).map_err(|failed| failed.err),
        accounts,
    }
}

#[test]
fn mutated_instructions_agree() {
    let cases = env::var("HOT_PATH_MUTATIONS").map_or(MUTATIONS, |cases| {
        cases.parse().expect("HOT_PATH_MUTATIONS is a number")
    });
    let scenes = KINDS.into_iter().flat_map(|kind| {
        [
            Scene::handoff(kind),
            Scene::acceptance(kind),
            Scene::batch(kind),
        ]
    });
    let subjects: Vec<Subject> = scenes.map(Subject::new).collect();
    let (made, refused) = (Cell::new(0), Cell::new(0));
    let config = ProptestConfig {
        cases,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let strategy = (any::<Index>(), prop::collection::vec(mutation(), 1..=3));
    let result = TestRunner::new(config).run(&strategy, |(subject, mutations)| {
        let subject = &subjects[subject.index(subjects.len())];
        let (mut ledger, instruction) = subject.mutate(&mutations);
        let hot = outcome(&mut ledger, &instruction);
        let cold = outcome(&mut ledger, &instruction.the_long_way());
        let count = if hot.result.is_ok() { &made } else { &refused };
        count.set(count.get() + 1);
        prop_assert_eq!(&hot.result, &cold.result);
        prop_assert!(hot.accounts == cold.accounts, "the effects differ");
        Ok(())
    });
    let (made, refused) = (made.get(), refused.get());
    eprintln!("{made} mutated instructions were executed, {refused} refused");
    result.unwrap_or_else(|failure| panic!("{failure}"));
    assert!(made > cases / 20 && refused > cases / 4);
}
