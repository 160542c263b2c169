//! Two companies that share no keys: each process holds the key of one of them.

mod at_the_dock;
mod by_file;
mod forgeries;
mod hostile_relay;
mod hostile_sender;
#[cfg(feature = "key-services")]
mod key_services;
mod keys;
mod signed_elsewhere;
mod stand_in;

use std::fs;

use pedigree_client::{
    ledger::Ledger as Client, partial_transaction::PartialTransaction, sign_only,
};
use serde_json::Value;
use solana_commitment_config::CommitmentConfig;
use solana_keypair::{Keypair, read_keypair_file};
use tokio::runtime::Runtime;

use crate::{
    GTIN, LOT, PHARMACY, WHOLESALER,
    cli::{Ledger, Reply},
    trading_ledger,
};

impl Ledger {
    /// A file that the site of a keypair file signs, by a command with `--sign-only`.
    #[track_caller]
    fn signed_by(&self, name: &str, command: &str) -> String {
        let file = self.path("handoff.json");
        let signed = self.does(name, &format!("{command} --sign-only --outfile {file}"));
        assert!(signed["transactions"][0]["signers"].is_array(), "{signed}");
        file
    }

    /// Has the site of a keypair file sign what is in a file, without a prompt.
    fn cosigns(&self, name: &str, file: &str, options: &str) -> Reply {
        self.by(name, &format!("cosign {file} {options} --yes"))
    }

    /// The keypair in a file.
    fn read_keypair(&self, name: &str) -> Keypair {
        read_keypair_file(self.keypair(name)).expect("a keypair file")
    }

    /// The same ledger, for what commands do not do.
    fn client(&self) -> Client {
        Client::new(self.url().to_owned(), CommitmentConfig::confirmed())
    }

    /// Who has the lot's first consignment.
    fn custodian(&self) -> Value {
        let lot = self.by("maker", &format!("lot show {GTIN} A1")).succeeds();
        lot["consignments"][0]["custodian"].clone()
    }
}

/// Waits for what is done on the ledger.
fn wait<T>(future: impl Future<Output = T>) -> T {
    Runtime::new().unwrap().block_on(future)
}

/// The only transaction in a file.
fn transaction_in(file: &str) -> PartialTransaction {
    let text = fs::read_to_string(file).unwrap();
    let mut transactions = sign_only::read(&text).unwrap();
    assert_eq!(transactions.len(), 1);
    transactions.remove(0)
}

/// The reasons for which nothing was signed.
#[track_caller]
fn objections(reply: Reply) -> Vec<String> {
    let answer = reply.answers_no();
    assert!(answer.get("submitted").is_none() && answer.get("transactions").is_none());
    let objections = answer["objections"].as_array().unwrap().iter();
    objections
        .map(|objection| objection.as_str().unwrap().to_owned())
        .collect()
}

/// Asserts that there is one objection, which says `expected`.
#[track_caller]
fn objects_only(reply: Reply, expected: &str) {
    let objections = objections(reply);
    assert_eq!(objections.len(), 1, "{objections:?}");
    assert!(objections[0].contains(expected), "{objections:?}");
}
