//! A handoff at the dock: the sender shows a link, the receiver fetches, compares, signs and submits.

use std::{fs, path::Path};

use pedigree_client::partial_transaction::PartialTransaction;
use pedigree_scan::image;
use serde_json::json;

use super::{
    stand_in::{ask, ask_for},
    *,
};
use crate::cli::Service;

impl Ledger {
    /// Starts a handoff by the maker that waits for its receiver; returns it and its link.
    fn waits(&self, command: &str) -> (Service, String) {
        let command = format!("{command} --request --yes");
        let mut waiting = self.start_service("maker", &command);
        let line = waiting.until(|line| line["link"].is_string());
        let link = line["link"].as_str().unwrap().to_owned();
        (waiting, link)
    }
}

/// The last line of a handoff that ends by itself, and its exit code.
fn end_of(mut waiting: Service) -> (Value, i32) {
    let line = waiting.until(|line| line["left"].is_u64());
    (line, waiting.ends())
}

#[test]
fn the_receiver_fetches_what_it_signs() {
    let ledger = trading_ledger();
    let png = ledger.path("link.png");
    let handoff = format!("handoff {LOT} --to {WHOLESALER} --qr {png}");
    let (waiting, link) = ledger.waits(&handoff);
    assert!(link.starts_with("solana:http://127.0.0.1:"), "{link}");
    let shown = image::read(&png).unwrap();
    assert!(shown[0].text.ends_with(&link), "the picture shows the link");

    // What a wallet sees.
    let (status, label) = ask(&link, "GET", "");
    assert_eq!(
        (status, &label["label"]),
        (200, &json!("maker (9506000000015)"))
    );
    assert!(label["icon"].as_str().unwrap().ends_with("/icon.svg"));
    let key = ledger.address("wholesaler");
    let (status, offered) = ask_for(&link, &key);
    assert_eq!(status, 200, "{offered}");
    let message = offered["message"].as_str().unwrap();
    assert!(
        message.contains("10000 units") && message.contains("(sale)"),
        "{message}"
    );
    let base64 = offered["transaction"].as_str().unwrap();
    let transaction = PartialTransaction::from_text(base64).unwrap();
    assert_eq!(
        transaction.absent(),
        [key.parse().unwrap()],
        "the sender has signed, and pays"
    );
    assert_eq!(transaction.fee_payer().to_string(), ledger.address("maker"));
    // Whoever asks twice gets the same, so that the sender pays once.
    assert_eq!(ask_for(&link, &key).1, offered);

    // Nobody else gets anything.
    let (status, refused) = ask_for(&link, &ledger.address("pharmacy"));
    assert_eq!(status, 403);
    assert!(
        refused["message"]
            .as_str()
            .unwrap()
            .contains("may not act for"),
        "{refused}"
    );
    for nonsense in [
        "",
        "{",
        r#"{"account":7}"#,
        r#"{"account":"x"}"#,
        &"x".repeat(5_000),
    ] {
        assert_eq!(ask(&link, "POST", nonsense).0, 400, "{nonsense}");
    }
    let other = if link.ends_with('x') { 'y' } else { 'x' };
    let guessed = format!("{}{other}", &link[..link.len() - 1]);
    assert_eq!(ask_for(&guessed, &key).0, 404);

    let done = ledger.cosigns("wholesaler", &link, LOT).succeeds();
    assert_eq!(done["asked_by"]["label"], "maker (9506000000015)");
    assert_eq!(ledger.custodian(), format!("wholesaler ({WHOLESALER})"));
    let (end, code) = end_of(waiting);
    assert_eq!(
        (&end["consignments"], &end["left"], code),
        (&json!(1), &json!(0), 0)
    );
    assert_eq!(
        end["signatures"],
        json!([done["submitted"][0]["signature"]])
    );
}

#[test]
fn what_does_not_fit_into_one_transaction_is_fetched_in_turn() {
    let ledger = trading_ledger();
    ledger.does("maker", &format!("split {LOT} --units 10 --times 25"));
    let names: Vec<String> = (0..25)
        .map(|part| format!("{LOT}#{}", 9_750 + part * 10))
        .collect();
    let names = names.join(" ");
    let (waiting, link) = ledger.waits(&format!("handoff {names} --to {WHOLESALER}"));

    // An operator of the receiver signs too, within its permissions.
    ledger.make_keypair("scanner");
    let scanner = ledger.address("scanner");
    let appoint = |permissions| {
        format!(
            "operator appoint {scanner} --name Scanner --permissions {permissions} --until 90days"
        )
    };
    ledger.does("wholesaler", &appoint("ship"));
    let (status, refused) = ask_for(&link, &scanner);
    assert_eq!(status, 409, "{refused}");
    ledger.does(
        "wholesaler",
        &format!("operator update {scanner} --permissions receive"),
    );
    let done = ledger.cosigns("scanner", &link, &names).succeeds();
    assert_eq!(done["submitted"].as_array().unwrap().len(), 2);
    assert_eq!(done["objections"], json!([]));

    // What is done is not offered again.
    let (end, code) = end_of(waiting);
    assert_eq!((&end["consignments"], code), (&json!(25), 0));
    let stock = ledger.by("wholesaler", "inventory").succeeds();
    assert_eq!(stock["total_units"], 250);
}

#[test]
fn more_or_less_than_is_there_is_said() {
    let ledger = trading_ledger();
    ledger.does("maker", &format!("split {LOT} --units 10 --times 2"));
    let [first, second] = [9_980, 9_990].map(|unit| format!("{LOT}#{unit}"));
    let (waiting, link) = ledger.waits(&format!("handoff {first} {second} --to {WHOLESALER}"));
    objects_only(ledger.cosigns("wholesaler", &link, &first), &second);
    let all = format!("{first} {second} {LOT}");
    let missing = ledger.cosigns("wholesaler", &link, &all).answers_no();
    assert_eq!(missing["submitted"].as_array().unwrap().len(), 1);
    let objection = missing["objections"][0].as_str().unwrap();
    assert!(
        objection.contains("was expected and is not in it"),
        "{objection}"
    );
    assert_eq!(end_of(waiting).1, 0);
}

#[test]
fn goods_that_change_meanwhile_are_not_offered() {
    let ledger = trading_ledger();
    let (waiting, link) = ledger.waits(&format!("handoff {LOT} --to {WHOLESALER}"));
    ledger.does("maker", &format!("split {LOT} --units 1"));
    assert_eq!(waiting.ends(), 2, "the sender's command fails");
    ledger
        .cosigns("wholesaler", &link, LOT)
        .fails_saying("does not answer");

    // What the program would refuse is known before anybody comes.
    ledger.does("authority", &format!("partner suspend {WHOLESALER}"));
    ledger
        .by(
            "maker",
            &format!("handoff {LOT} --to {WHOLESALER} --request --yes"),
        )
        .fails_saying("The receiver is suspended");
}

#[test]
fn other_machines_are_answered_encrypted_only() {
    let ledger = trading_ledger();
    let handoff = format!("handoff {LOT} --to {WHOLESALER}");
    ledger
        .by(
            "maker",
            &format!("{handoff} --request --bind 0.0.0.0 --yes"),
        )
        .fails_saying("answered encrypted only");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cosign/certificate");
    let [certificate, key] = ["certificate.pem", "key.pem"].map(|file| folder.join(file));
    let (certificate, key) = (certificate.display(), key.display());
    ledger
        .by(
            "maker",
            &format!("{handoff} --request --tls {key} {certificate} --yes"),
        )
        .fails_saying("holds no certificate");
    let tls = format!("{handoff} --bind 0.0.0.0 --host localhost --tls {certificate} {key}");
    let (waiting, link) = ledger.waits(&tls);
    assert!(link.starts_with("solana:https://localhost:"), "{link}");

    ledger
        .cosigns("wholesaler", &link, LOT)
        .fails_saying("check the network, and with --ca its certificate");
    let other_name = link.replace("localhost", "127.0.0.2");
    ledger
        .cosigns(
            "wholesaler",
            &other_name,
            &format!("{LOT} --ca {certificate}"),
        )
        .fails_saying("does not answer");
    ledger
        .cosigns("wholesaler", &link, &format!("{LOT} --ca {certificate}"))
        .succeeds();
    assert_eq!(end_of(waiting).1, 0);
    let plain = link
        .replace("https", "http")
        .replace("localhost", "dock.example");
    ledger
        .cosigns("wholesaler", &plain, LOT)
        .fails_saying("is not encrypted");
    let no_certificate = ledger.path("none.pem");
    fs::write(&no_certificate, "nothing").unwrap();
    let with_none = format!("{LOT} --ca {no_certificate}");
    ledger
        .cosigns("wholesaler", &link, &with_none)
        .fails_saying("the file holds none in PEM");
}

#[test]
fn nobody_comes() {
    let ledger = trading_ledger();
    let handoff = format!("handoff {LOT} --to {WHOLESALER} --within 2s");
    let (waiting, _) = ledger.waits(&handoff);
    let (end, code) = end_of(waiting);
    assert_eq!((&end["left"], code), (&json!(1), 1));
    assert_eq!(end["signatures"], json!([]));
}
