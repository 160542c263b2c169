//! The libraries' examples, run as their users would.

#[path = "../../../client/examples/mint_and_hand_over.rs"]
#[allow(dead_code, reason = "its main function is not run")]
mod mint_and_hand_over;
#[path = "../../../verify/examples/verify_a_pack.rs"]
#[allow(dead_code, reason = "its main function is not run")]
mod verify_a_pack;
#[path = "../../../client/examples/watch_a_site.rs"]
#[allow(dead_code, reason = "its main function is not run")]
mod watch_a_site;

use std::{path::Path, time::Duration};

use pedigree_client::identifier::Gln;
use pedigree_verify::verdict::{Conclusion, FailureReason};
use solana_cli_config::Config;
use solana_keypair::{Keypair, read_keypair_file};
use tokio::{runtime::Runtime, sync::mpsc::unbounded_channel, time::timeout};

use crate::{
    GTIN, LOT, PHARMACY, WHOLESALER, cli::Ledger, counter::ledger_with_serials, trading_ledger,
};

/// How long a change may take until it is seen.
const PATIENCE: Duration = Duration::from_secs(60);

fn keypair(ledger: &Ledger, name: &str) -> Keypair {
    read_keypair_file(ledger.keypair(name)).expect("a keypair file")
}

fn gln(ledger: &Ledger, text: &str) -> Gln {
    ledger.own(text).parse().expect("a GLN")
}

#[test]
fn a_lot_is_minted_and_handed_over() {
    let ledger = trading_ledger();
    let [maker, pharmacy] = ["maker", "pharmacy"].map(|name| keypair(&ledger, name));
    let lot = ledger.own(&format!("{GTIN}/B1")).parse().expect("a lot");
    let to = (gln(&ledger, PHARMACY), &pharmacy);
    let run = mint_and_hand_over::run(ledger.url(), lot, &maker, to);
    Runtime::new().unwrap().block_on(run).unwrap();
    let shown = ledger
        .by("maker", &format!("lot show {GTIN} B1"))
        .succeeds();
    let consignment = &shown["consignments"][0];
    assert_eq!(consignment["custodian"], format!("pharmacy ({PHARMACY})"));
    assert_eq!(consignment["quantity"], 1_000);
}

#[test]
fn a_pack_is_verified() {
    let (ledger, manifest, _) = ledger_with_serials();
    let runtime = Runtime::new().unwrap();
    let verify = |serial: &str| {
        let text = ledger.own(&format!("(01){GTIN}(17)490200(10)A2(21){serial}"));
        let run = verify_a_pack::run(ledger.url(), Path::new(&manifest), &text);
        runtime.block_on(run).unwrap()
    };
    assert_eq!(verify("SN-00007"), Conclusion::Verified);
    assert_eq!(
        verify("SN-7"),
        Conclusion::PotentiallySuspect(FailureReason::NoMatchGtinSerial)
    );
}

#[test]
fn a_site_is_watched() {
    let ledger = trading_ledger();
    let websocket = Config::compute_websocket_url(ledger.url());
    let (lines, mut seen) = unbounded_channel();
    Runtime::new().unwrap().block_on(async {
        let print = |line| lines.send(line).expect("somebody listens");
        let watching = watch_a_site::run(ledger.url(), &websocket, gln(&ledger, WHOLESALER), print);
        let listening = async {
            let first = seen.recv().await.expect("a line");
            assert_eq!(first, ledger.own(&format!("watching {WHOLESALER}")));
            ledger.does("maker", &format!("ship {LOT} --to {WHOLESALER}"));
            seen.recv().await.expect("a line")
        };
        let line = tokio::select! {
            ended = watching => panic!("{ended:?}"),
            line = timeout(PATIENCE, listening) => line.expect("in time"),
        };
        assert_eq!(line, "sale of 10000 units: offered");
    });
}
