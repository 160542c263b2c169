//! A LiteSVM ledger with the programs deployed under the upgradeable loader, a fixed clock, and a key
//! ring that signs whatever an instruction needs.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::{LazyLock, Mutex},
};

use anchor_lang::{Address, Discriminator, solana_program::instruction::Instruction};
use bytemuck::Pod;
use litesvm::{
    LiteSVM,
    types::{TransactionMetadata, TransactionResult},
};
use solana_account::Account;
use solana_clock::Clock;
use solana_hash::Hash;
use solana_keypair::Keypair;
use solana_message::{
    Message, VersionedMessage,
    v1::{self, TransactionConfig},
};
use solana_signature::Signature;
use solana_signer::Signer;
use solana_transaction::versioned::VersionedTransaction;

use crate::{address, layout};

/// The time on the ledger's clock at first: 2026-11-22T12:00:00Z.
pub const NOW: i64 = 1_795_348_800;

/// Where `cargo xtask build` leaves the programs.
pub fn deploy_directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/deploy")
}

/// The keypair that belongs to `name`: the same in every run.
pub fn keypair(name: &str) -> Keypair {
    Keypair::new_from_array(anchor_lang::sha256(name.as_bytes()))
}

/// See the module's documentation.
#[derive(Clone)]
pub struct Ledger {
    svm: LiteSVM,
    keys: BTreeMap<Address, [u8; 32]>,
    fee_payer: Address,
    /// Whether signatures are neither made nor checked.
    trusts_signers: bool,
}

impl Ledger {
    /// A ledger on which nobody may upgrade the programs.
    pub fn new() -> Self {
        // Loading the programs takes a thousand times longer than cloning the ledger.
        static DEPLOYED: LazyLock<Mutex<Ledger>> = LazyLock::new(|| Mutex::new(Ledger::deploy()));
        DEPLOYED
            .lock()
            .expect("nothing panics while cloning")
            .clone()
    }

    fn deploy() -> Self {
        // Verifying the key ring's own signatures would take most of the tests' time.
        let mut svm = LiteSVM::new().with_sigverify(false);
        for (program, file) in [
            (registry::ID, "registry.so"),
            (custody::ID, "custody.so"),
            (recall::ID, "recall.so"),
        ] {
            let path = deploy_directory().join(file);
            svm.add_program_from_file(program, &path)
                .unwrap_or_else(|error| {
                    panic!("{}: {error}; run `cargo xtask build`", path.display())
                });
        }
        let mut ledger = Self {
            svm,
            keys: BTreeMap::new(),
            fee_payer: Address::default(),
            trusts_signers: false,
        };
        ledger.set_time(NOW);
        ledger.fee_payer = ledger.key("fee payer");
        ledger
    }

    /// A funded key on the ring, the same for the same name.
    pub fn key(&mut self, name: &str) -> Address {
        let keypair = keypair(name);
        let key = keypair.pubkey();
        if self.keys.insert(key, *keypair.secret_bytes()).is_none() {
            self.fund(key, 100_000_000_000);
        }
        key
    }

    /// Puts lamports into an account.
    pub fn fund(&mut self, account: Address, lamports: u64) {
        self.svm
            .airdrop(&account, lamports)
            .expect("an airdrop of valid size");
    }

    /// Sets the clock, in Unix seconds.
    pub fn set_time(&mut self, now: i64) {
        let clock = Clock {
            unix_timestamp: now,
            ..self.svm.get_sysvar()
        };
        self.svm.set_sysvar(&clock);
    }

    /// Sets the upgrade authority of `program`; with `None`, nobody can upgrade it any more.
    pub fn set_upgrade_authority(&mut self, program: Address, authority: Option<Address>) {
        const HAS_AUTHORITY: usize = 12;
        const AUTHORITY: std::ops::Range<usize> = 13..45;
        let program_data = address::program_data(&program);
        let mut account = self.account(program_data);
        account.data[HAS_AUTHORITY] = u8::from(authority.is_some());
        account.data[AUTHORITY].copy_from_slice(authority.unwrap_or_default().as_ref());
        self.set_account(program_data, account);
    }

    /// Executes an instruction in a transaction of its own, signed by every key that it needs.
    #[allow(clippy::result_large_err, reason = "LiteSVM made the type")]
    pub fn attempt(&mut self, instruction: &Instruction) -> TransactionResult {
        self.attempt_all(std::slice::from_ref(instruction))
    }

    /// Executes instructions in one transaction.
    #[allow(clippy::result_large_err, reason = "LiteSVM made the type")]
    pub fn attempt_all(&mut self, instructions: &[Instruction]) -> TransactionResult {
        // The same transaction may be sent twice, which needs two blockhashes.
        self.svm.expire_blockhash();
        self.send(self.sign_now(instructions))
    }

    /// Executes a transaction as it is.
    #[allow(clippy::result_large_err, reason = "LiteSVM made the type")]
    pub fn send(&mut self, transaction: VersionedTransaction) -> TransactionResult {
        self.svm.send_transaction(transaction)
    }

    /// A legacy transaction of these instructions that can be sent now.
    pub fn sign_now(&self, instructions: &[Instruction]) -> VersionedTransaction {
        self.sign(instructions, &self.svm.latest_blockhash())
    }

    /// A legacy transaction of these instructions, signed by every key that they need.
    pub fn sign(&self, instructions: &[Instruction], blockhash: &Hash) -> VersionedTransaction {
        let fee_payer = Some(&self.fee_payer);
        let message = Message::new_with_blockhash(instructions, fee_payer, blockhash);
        self.sign_message(VersionedMessage::Legacy(message))
    }

    /// The same as a v1 transaction, with its limits.
    pub fn sign_v1(
        &self,
        instructions: &[Instruction],
        limits: TransactionConfig,
    ) -> VersionedTransaction {
        let blockhash = self.svm.latest_blockhash();
        let message =
            v1::Message::try_compile_with_config(&self.fee_payer, instructions, blockhash, limits)
                .expect("instructions that a v1 transaction holds");
        self.sign_message(VersionedMessage::V1(message))
    }

    fn sign_message(&self, message: VersionedMessage) -> VersionedTransaction {
        let signers = usize::from(message.header().num_required_signatures);
        if self.trusts_signers {
            // Any signatures that no other transaction has.
            let digest = anchor_lang::sha256(&message.serialize());
            let signature = Signature::from(<[u8; 64]>::try_from([digest; 2].concat()).unwrap());
            return VersionedTransaction {
                signatures: vec![signature; signers],
                message,
            };
        }
        let signers: Vec<Keypair> = message.static_account_keys()[..signers]
            .iter()
            .map(|key| {
                let secret = self.keys.get(key);
                Keypair::new_from_array(
                    *secret.unwrap_or_else(|| panic!("{key} is not on the ring")),
                )
            })
            .collect();
        let signers: Vec<&Keypair> = signers.iter().collect();
        VersionedTransaction::try_new(message, &signers).expect("the ring has every signer")
    }

    /// Stops making and checking signatures: every signer that an instruction names counts as having
    /// signed. For tests of so many transactions that signing would take most of their time.
    pub fn trust_signatures(&mut self) {
        self.svm = std::mem::take(&mut self.svm).with_sigverify(false);
        self.trusts_signers = true;
    }

    /// Has `key`, which is on the ring, pay the fees from now on.
    pub fn set_fee_payer(&mut self, key: Address) {
        self.fee_payer = key;
    }

    /// Replaces the program at `address` by one that is not part of the workspace.
    pub fn replace_program(&mut self, address: Address, path: &Path) {
        self.svm
            .add_program_from_file(address, path)
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }

    /// Executes an instruction that must succeed.
    #[track_caller]
    pub fn execute(&mut self, instruction: &Instruction) -> TransactionMetadata {
        match self.attempt(instruction) {
            Ok(metadata) => metadata,
            Err(failed) => panic!("{}\n{}", failed.err, failed.meta.pretty_logs()),
        }
    }

    /// An account that must exist.
    #[track_caller]
    pub fn account(&self, address: Address) -> Account {
        self.find_account(address)
            .unwrap_or_else(|| panic!("there is no account {address}"))
    }

    /// An account, if it exists.
    pub fn find_account(&self, address: Address) -> Option<Account> {
        self.svm.get_account(&address)
    }

    /// Every account that `program` owns.
    pub fn accounts_of(&self, program: &Address) -> Vec<(Address, Account)> {
        self.svm.get_program_accounts(program)
    }

    /// Every key on the ring.
    pub fn keys(&self) -> impl Iterator<Item = &Address> {
        self.keys.keys()
    }

    /// Puts an account on the ledger directly, as no transaction could.
    pub fn set_account(&mut self, address: Address, account: Account) {
        self.svm
            .set_account(address, account)
            .expect("an account that can be loaded");
    }

    /// A program's account as its type.
    #[track_caller]
    pub fn read<T: Pod + Discriminator>(&self, address: Address) -> T {
        layout::decode(&self.account(address).data)
    }

    /// Changes a program's account without the program.
    #[track_caller]
    pub fn edit<T: Pod + Discriminator>(&mut self, address: Address, change: impl FnOnce(&mut T)) {
        let mut account = self.account(address);
        let mut fields: T = layout::decode(&account.data);
        change(&mut fields);
        account.data = layout::encode(&fields);
        self.set_account(address, account);
    }

    /// The rent of an account of `bytes` bytes, in lamports.
    pub fn rent(&self, bytes: usize) -> u64 {
        self.svm.minimum_balance_for_rent_exemption(bytes)
    }
}

impl Default for Ledger {
    fn default() -> Self {
        Self::new()
    }
}
