//! Prints a site's changes as they happen.
//!
//! With `pedigree localnet` running and the site admitted:
//!
//! ```sh
//! cargo run -p pedigree-client --example watch_a_site -- \
//!     http://127.0.0.1:8899 ws://127.0.0.1:8900 9506000000039
//! ```

use std::{env, error::Error};

use pedigree_client::{
    Ledger,
    identifier::Gln,
    watch::{WatchEvent, watch},
};
use solana_commitment_config::CommitmentConfig;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [url, websocket, gln] = arguments.as_slice() else {
        return Err("usage: URL WEBSOCKET_URL GLN".into());
    };
    run(url, websocket, gln.parse()?, |line| println!("{line}")).await
}

/// Describes every change of `site` to `print`, until the future is dropped.
pub async fn run(
    url: &str,
    websocket: &str,
    site: Gln,
    print: impl Fn(String),
) -> Result<(), Box<dyn Error>> {
    let ledger = Ledger::new(url.to_owned(), CommitmentConfig::confirmed());
    let never = watch(&ledger, websocket, site, |event| match event {
        WatchEvent::Connected => print(format!("watching {site}")),
        WatchEvent::Disconnected(reason) => print(format!("disconnected: {reason}")),
        WatchEvent::Consignment(change) => {
            let consignment = change.now;
            print(format!(
                "consignment {}: {} units, {}",
                consignment.address, consignment.quantity, consignment.status
            ));
        }
        WatchEvent::Transfer(change) => {
            let transfer = change.now;
            print(format!(
                "{} of {} units: {}",
                transfer.kind, transfer.quantity, transfer.state
            ));
        }
        WatchEvent::Case(change) => {
            print(format!("case {}: {}", change.now.address, change.now.state))
        }
        WatchEvent::Recall(change, affected) => print(format!(
            "recall of class {}: {} consignments affected",
            change.now.class,
            affected.consignments.len()
        )),
    });
    match never.await? {}
}
