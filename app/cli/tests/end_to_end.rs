//! The CLI as its users run it: one process for each command, against an embedded ledger over HTTP.

mod cli;
mod cosign;
mod counter;
mod examples;
mod instructions;
mod life;
mod readme;
mod registry;

use std::{
    collections::BTreeSet,
    fs,
    thread::sleep,
    time::{Duration, Instant},
};

use cli::{Ledger, Reply, add_board, make_keypair_unread, no_ledger};
use pedigree_client::ledger::Ledger as Client;
use serde_json::{Value, json};
use solana_commitment_config::CommitmentConfig;
use tokio::runtime::Runtime;

const MAKER: &str = "9506000000015";
const WHOLESALER: &str = "9506000000022";
const PHARMACY: &str = "9506000000039";
const OTHER_MAKER: &str = "9506000000046";
const GTIN: &str = "09506000134352";
const LOT: &str = "09506000134352/A1";

/// Has the authority admit the site of a keypair file, and the site confirm it.
fn admit(ledger: &Ledger, site: &str, gln: &str, licence: &str) {
    let (key, hash) = (ledger.address(site), "ab".repeat(32));
    let admit = format!(
        "partner admit {gln} --name {site} --key {key} {licence} --country CH \
         --valid-until 2090-12-31 --licence-hash {hash} --yes"
    );
    ledger.by("authority", &admit).succeeds();
    let confirm = format!("partner confirm {gln} --yes");
    ledger.by(site, &confirm).succeeds();
}

/// A ledger with a registry, three admitted sites, a product and a lot of 10,000 units.
fn trading_ledger() -> Ledger {
    let ledger = Ledger::start();
    admit_and_mint(&ledger);
    ledger
}

fn admit_and_mint(ledger: &Ledger) {
    for site in ["maker", "wholesaler", "pharmacy"] {
        ledger.make_keypair(site);
    }
    ledger.has_registry();
    for (site, gln, licence) in [
        (
            "maker",
            MAKER,
            "--roles manufacturer --company-prefixes 9506000",
        ),
        ("wholesaler", WHOLESALER, "--roles wholesaler,logistics"),
        ("pharmacy", PHARMACY, "--roles dispenser"),
    ] {
        admit(ledger, site, gln, licence);
    }
    let register = format!(
        "product register {GTIN} --manufacturer {MAKER} --name Auroxin --storage 2..8 --yes"
    );
    ledger.by("maker", &register).succeeds();
    ledger
        .by(
            "maker",
            &format!("lot mint {GTIN} A1 --expiry 2089-02 --quantity 10000 --yes"),
        )
        .succeeds();
}

#[test]
fn a_lot_goes_down_the_chain_and_its_trail_is_proven() {
    let ledger = trading_ledger();

    // The manufacturer ships; the wholesaler refuses once and then accepts.
    ledger
        .by("maker", &format!("ship {LOT} --to {WHOLESALER} --yes"))
        .succeeds();
    ledger
        .by("wholesaler", &format!("reject {LOT} --reason damage --yes"))
        .succeeds();
    ledger
        .by(
            "maker",
            &format!("ship {LOT} --to {WHOLESALER} --within 2h --yes"),
        )
        .succeeds();
    ledger
        .by("maker", &format!("cancel {LOT} --yes"))
        .succeeds();
    ledger
        .by("maker", &format!("ship {LOT} --to {WHOLESALER} --yes"))
        .succeeds();
    ledger
        .by("wholesaler", &format!("receive {LOT} --yes"))
        .succeeds();

    // Accepting again changes nothing, and the error says why.
    ledger
        .by("wholesaler", &format!("receive {LOT} --yes"))
        .fails_saying("is not on offer");

    // A suspended pharmacy receives nothing. Once it is reinstated it does, and both sign.
    let to_pharmacy = format!(
        "handoff {LOT} --to {PHARMACY} --to-keypair {} --yes",
        ledger.keypair("pharmacy")
    );
    ledger
        .by("authority", &format!("partner suspend {PHARMACY} --yes"))
        .succeeds();
    let refusal = ledger
        .by("wholesaler", &to_pharmacy)
        .fails_saying("The receiver is suspended");
    assert_eq!(refusal["refusal"]["name"], "ReceiverSuspended");
    assert_eq!(refusal["refusal"]["program"], "custody");
    ledger
        .by("authority", &format!("partner reinstate {PHARMACY} --yes"))
        .succeeds();
    let handed = ledger.by("wholesaler", &to_pharmacy).succeeds();
    assert!(handed["compute_units"].as_u64().unwrap() > 0);

    let lot = ledger
        .by("pharmacy", &format!("lot show {GTIN} A1"))
        .succeeds();
    assert_eq!(
        lot["consignments"][0]["custodian"],
        format!("pharmacy ({PHARMACY})")
    );
    assert_eq!(lot["consignments"][0]["quantity"], 10_000);

    let trace = ledger.by("pharmacy", &format!("trace {LOT}")).succeeds();
    assert_eq!(trace["finding"], "proven");
    let events: Vec<_> = trace["entries"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| &entry["event"])
        .collect();
    assert_eq!(
        events,
        [
            "minted",
            "offered",
            "rejected",
            "offered",
            "cancelled",
            "offered",
            "accepted",
            "handed over"
        ]
    );

    let verified = ledger
        .by("pharmacy", &format!("verify {GTIN} A1 --expiry 2089-02-28"))
        .succeeds();
    assert_eq!(verified["verified"], true);
    assert_eq!(
        verified["holders"][0]["custodian"],
        format!("pharmacy ({PHARMACY})")
    );
}

#[test]
fn a_pack_that_does_not_match_is_potentially_suspect() {
    let ledger = trading_ledger();
    for (label, reason) in [
        (
            format!("{GTIN} A1 --expiry 2089-03"),
            "No_match_GTIN_Serial_Expiry",
        ),
        (format!("{GTIN} A2"), "No_match_GTIN_Serial_Lot"),
        ("00614141007349 A1".to_owned(), "No_match_GTIN_Serial"),
    ] {
        let answer = ledger
            .by("pharmacy", &format!("verify {label}"))
            .answers_no();
        assert_eq!(answer["verification_failure_reason"], reason);
    }
    let people_read = ledger.by_person("pharmacy", &format!("verify {GTIN} A2"));
    assert!(
        people_read
            .stdout
            .contains("POTENTIALLY SUSPECT: No_match_GTIN_Serial_Lot")
    );
    assert!(
        !people_read.stdout.contains('\u{1b}'),
        "no colours in a pipe"
    );
}

#[test]
fn a_dry_run_shows_the_cost_and_sends_nothing() {
    let ledger = trading_ledger();
    let ship = format!("ship {LOT} --to {WHOLESALER}");
    let dry = ledger.by("maker", &format!("{ship} --dry-run")).succeeds();
    assert!(dry["compute_units"].as_u64().unwrap() > 0);
    assert!(
        dry["rent_lamports"].as_i64().unwrap() > 0,
        "the transfer account's rent: {dry}"
    );
    assert_eq!(dry["fee_lamports"], 5_000);
    let lot = ledger
        .by("maker", &format!("lot show {GTIN} A1"))
        .succeeds();
    assert_eq!(lot["consignments"][0]["status"], "held");

    let rushed = ledger
        .by("maker", &format!("{ship} --dry-run --priority-fee 1000000"))
        .succeeds();
    assert!(rushed["fee_lamports"].as_u64().unwrap() > 5_000);

    ledger
        .by("maker", &ship)
        .fails_saying("pass --yes to send, or --dry-run");
    ledger
        .by("pharmacy", &format!("{ship} --dry-run"))
        .fails_saying("sign with the key");
}

#[test]
fn products_and_keys_change_hands_in_two_steps() {
    let ledger = trading_ledger();
    ledger.make_keypair("next");
    let next = ledger.address("next");
    ledger
        .by(
            "maker",
            &format!("partner propose-key {MAKER} {next} --yes"),
        )
        .succeeds();
    ledger
        .by("pharmacy", &format!("partner accept-key {MAKER} --yes"))
        .fails_saying("was not proposed");
    ledger
        .by("next", &format!("partner accept-key {MAKER} --yes"))
        .succeeds();
    let maker = ledger
        .by("next", &format!("partner show {MAKER}"))
        .succeeds();
    assert_eq!(maker["key"], next);
    assert_eq!(maker["roles"], json!(["manufacturer"]));
    assert_eq!(maker["company_prefixes"], json!(["9506000"]));
    ledger
        .by(
            "maker",
            &format!("product update {GTIN} --name Auroxin --yes"),
        )
        .fails_saying("sign with the key");
    ledger
        .by(
            "next",
            &format!("product update {GTIN} --name Auroxin-2 --storage -5..8 --yes"),
        )
        .succeeds();
    let products = ledger
        .by("next", &format!("product list --manufacturer {MAKER}"))
        .succeeds();
    assert_eq!(products[0]["name"], "Auroxin-2");
    assert_eq!(products[0]["storage_min_celsius"], -5.0);
    let partners = ledger.by("next", "partner list").succeeds();
    let partners = partners.as_array().unwrap().iter();
    let glns: BTreeSet<&str> = partners
        .filter_map(|partner| partner["gln"].as_str())
        .filter(|gln| gln.starts_with("9506000"))
        .collect();
    assert_eq!(glns, [MAKER, WHOLESALER, PHARMACY].into());
    assert_eq!(
        issuer(&ledger, &ledger.address("authority")).unwrap()["name"],
        "Board"
    );
}

#[test]
fn an_operator_acts_for_its_site_within_its_appointment() {
    let ledger = trading_ledger();
    ledger.make_keypair("scanner");
    let key = ledger.address("scanner");
    let offer = format!("ship {LOT} --to {PHARMACY} --yes");
    let receive = format!("receive {LOT} --yes");
    ledger.by("maker", &offer).succeeds();
    ledger
        .by("scanner", &receive)
        .fails_saying("have the site appoint this one");

    let appoint =
        format!("operator appoint {key} --name Scanner-2 --permissions ship --until 90days --yes");
    ledger.by("pharmacy", &appoint).succeeds();
    ledger
        .by("pharmacy", &appoint)
        .fails_saying("exists already");
    ledger
        .by("scanner", &receive)
        .fails_saying("have the site add the permission");
    let update = format!(
        "operator update {key} --permissions receive,dispense --from 2026-01-01 --until 2089-12-31 --yes"
    );
    ledger
        .by("scanner", &update)
        .fails_saying("Only the site's own key may do this");
    ledger.by("pharmacy", &update).succeeds();
    ledger.by("scanner", &receive).succeeds();

    // The operator's site is found by its key.
    let shown = ledger
        .by("scanner", &format!("operator show {key}"))
        .succeeds();
    assert_eq!(shown["name"], "Scanner-2");
    assert_eq!(shown["site"], format!("pharmacy ({PHARMACY})"));
    assert_eq!(shown["permissions"], json!(["receive", "dispense"]));
    assert_eq!(shown["status"], "in force");
    assert_eq!(shown["valid_from"], 1_767_225_600);
    assert_eq!(shown["valid_until"], 3_786_912_000_i64);
    assert_eq!(shown["payer"], ledger.address("pharmacy"));

    let later = format!("operator update {key} --name Badge-7 --from 2h --yes");
    ledger.by("pharmacy", &later).succeeds();
    let list = format!("operator list --site {PHARMACY}");
    let listed = ledger.by("maker", &list).succeeds();
    assert_eq!(listed[0]["name"], "Badge-7");
    assert_eq!(listed[0]["status"], "not yet in force");
    assert_eq!(listed[0]["permissions"], json!(["receive", "dispense"]));
    ledger
        .by("pharmacy", &format!("operator update {key} --yes"))
        .asks_for("--permissions");

    let dismiss = format!("operator dismiss {key} --site {PHARMACY} --yes");
    ledger
        .by("maker", &dismiss)
        .fails_saying("Only the site's own key may do this");
    let dismissed = ledger.by("pharmacy", &dismiss).succeeds();
    assert!(dismissed["rent_lamports"].as_i64().unwrap() < 0);
    ledger
        .by("pharmacy", &dismiss)
        .fails_saying("did not appoint this key, or dismissed it");
    assert_eq!(ledger.by("pharmacy", &list).succeeds(), json!([]));
    ledger.by("pharmacy", &appoint).succeeds();
}

#[test]
fn a_product_goes_to_another_manufacturer() {
    let ledger = trading_ledger();
    ledger.make_keypair("other");
    admit(
        &ledger,
        "other",
        OTHER_MAKER,
        "--roles manufacturer,repackager",
    );
    let take_over = format!("product take-over {GTIN} --yes");
    let hand_over = |to: &str| format!("product hand-over {GTIN} --to {to} --yes");
    let product = || {
        ledger
            .by("other", &format!("product show {GTIN}"))
            .succeeds()
    };

    ledger
        .by("other", &take_over)
        .fails_saying("is not on offer");
    ledger
        .by("maker", &hand_over(PHARMACY))
        .fails_saying("not licensed as a manufacturer or repackager");
    ledger
        .by("other", &hand_over(OTHER_MAKER))
        .fails_saying("sign with the key");

    ledger.by("maker", &hand_over(OTHER_MAKER)).succeeds();
    assert!(product()["pending_manufacturer"].is_string());
    ledger.by("maker", &hand_over(MAKER)).succeeds();
    assert!(product()["pending_manufacturer"].is_null());
    ledger.by("maker", &hand_over(OTHER_MAKER)).succeeds();
    ledger
        .by("pharmacy", &take_over)
        .fails_saying("sign with the key");
    ledger.by("other", &take_over).succeeds();
    assert_eq!(product()["manufacturer"], format!("other ({OTHER_MAKER})"));
    ledger
        .by("maker", &hand_over(MAKER))
        .fails_saying("sign with the key");
}

#[test]
fn a_licence_is_renewed_moved_and_revoked() {
    let ledger = trading_ledger();
    let (show, renew) = (
        format!("partner show {PHARMACY}"),
        format!(
            "partner renew {PHARMACY} --roles dispenser,wholesaler --country DE \
             --valid-until 2089-12-31 --licence-hash {} --yes",
            "cd".repeat(32)
        ),
    );
    ledger
        .by("pharmacy", &renew)
        .fails_saying("This issuer did not admit the partner");
    ledger.by("authority", &renew).succeeds();
    let renewed = ledger.by("pharmacy", &show).succeeds();
    assert_eq!(renewed["roles"], json!(["wholesaler", "dispenser"]));
    assert_eq!(renewed["country"], "DE");
    assert_eq!(renewed["licence_valid_until"], 3_786_912_000_i64);
    assert_eq!(renewed["licence_hash"], "cd".repeat(32));

    ledger.make_keypair("board");
    let board = ledger.address("board");
    let reassign = format!("partner reassign {PHARMACY} --issuer {board} --yes");
    ledger
        .by("authority", &reassign)
        .fails_saying("has not added this key");
    let add_board = format!("registry add-issuer {board} --name Board-2 --yes");
    ledger.by("authority", &add_board).succeeds();
    ledger
        .by("board", &reassign)
        .fails_saying("Only the registry authority");
    ledger.by("authority", &reassign).succeeds();
    let revoke = format!("partner revoke {PHARMACY} --yes");
    ledger
        .by("authority", &revoke)
        .fails_saying("This issuer did not admit the partner");
    ledger.by("board", &revoke).succeeds();
    assert_eq!(ledger.by("pharmacy", &show).succeeds()["status"], "revoked");
    ledger
        .by("board", &renew)
        .fails_saying("only the registry authority can restore it");
    let ship = format!("ship {LOT} --to {PHARMACY} --yes");
    let refusal = ledger.by("maker", &ship).fails_saying("revoked");
    assert_eq!(refusal["refusal"]["name"], "ReceiverRevoked");
}

/// The issuer of a key, as `registry show` lists it.
fn issuer(ledger: &Ledger, key: &str) -> Option<Value> {
    let registry = ledger.by("authority", "registry show").succeeds();
    let mut issuers = registry["issuers"].as_array().unwrap().iter();
    issuers.find(|issuer| issuer["key"] == key).cloned()
}

#[test]
fn the_registry_changes_hands_and_loses_an_issuer() {
    let ledger = Ledger::start_alone();
    admit_and_mint(&ledger);
    ledger.make_keypair("next");
    let (next, former) = (ledger.address("next"), ledger.address("authority"));
    let show = || ledger.by("next", "registry show").succeeds();
    let propose = format!("registry propose-authority {next} --yes");
    let accept = "registry accept-authority --yes";

    ledger
        .by("next", &propose)
        .fails_saying("Only the registry authority");
    ledger.by("next", accept).fails_saying("was not proposed");
    ledger.by("authority", &propose).succeeds();
    assert_eq!(show()["pending_authority"], next);
    ledger.by("next", accept).succeeds();
    assert_eq!(show()["authority"], next);
    assert!(show()["pending_authority"].is_null());

    let remove = format!("registry remove-issuer {former} --yes");
    ledger
        .by("authority", &remove)
        .fails_saying("Only the registry authority");
    ledger.by("next", &remove).succeeds();
    assert_eq!(issuer(&ledger, &former), None);
    ledger
        .by("authority", &format!("partner suspend {PHARMACY} --yes"))
        .fails_saying("does not exist yet");

    // And back again.
    let propose = format!("registry propose-authority {former} --yes");
    ledger.by("next", &propose).succeeds();
    ledger.by("authority", accept).succeeds();
    ledger.by("authority", &add_board(&former)).succeeds();
    ledger.does("authority", &format!("partner suspend {PHARMACY}"));
}

#[test]
fn an_offer_expires_after_its_deadline_and_not_before() {
    let ledger = trading_ledger();
    let expire = format!("expire {LOT} --yes");
    ledger
        .by("pharmacy", &expire)
        .fails_saying("is not on offer");
    let ship = format!("ship {LOT} --to {WHOLESALER} --within 10s --yes");
    ledger.by("maker", &ship).succeeds();
    ledger
        .by("pharmacy", &expire)
        .fails_saying("has not passed yet");
    let patience = Instant::now() + Duration::from_secs(120);
    while ledger.by("pharmacy", &expire).code != 0 {
        assert!(Instant::now() < patience, "the offer never expires");
        sleep(Duration::from_secs(1));
    }
    let lot = ledger
        .by("maker", &format!("lot show {GTIN} A1"))
        .succeeds();
    assert_eq!(lot["consignments"][0]["status"], "held");
}

#[test]
fn bad_input_gets_a_clear_error() {
    for (command, expected) in [
        (
            "verify 09506000134353 A1",
            "its check digit is 3, but the other digits call for 2",
        ),
        ("verify 0950600013435X A1", "'X'"),
        (
            "verify 09506000134352 A#1",
            "'#' is not in GS1 character set 82",
        ),
        (
            "verify 09506000134352 A1 --expiry 2027-02-30",
            "there is no such day",
        ),
        (
            "ship nowhere --to 9506000000015",
            "give its address, GTIN/LOT",
        ),
        (
            "lot mint 09506000134352 A1 --expiry 2089-02 --quantity many",
            "invalid digit",
        ),
        ("registry add-issuer abc --name Board", "is not an address"),
        (
            "operator update 11111111111111111111111111111111 --until tomorrow",
            "neither a day, YYYY-MM-DD, nor a time from now",
        ),
        (
            "--url nowhere registry show",
            "begins with http:// or https://",
        ),
        ("--url http://127.0.0.1:9 registry show", "does not answer"),
        (
            "--keypair /nonexistent.json key address",
            "pedigree key new /nonexistent.json",
        ),
        ("--keypair Cargo.toml key address", "is not a keypair file"),
    ] {
        let Reply { code, stderr, .. } = no_ledger(command);
        assert_eq!(code, 2, "{command}: {stderr}");
        assert!(stderr.contains(expected), "{command}: {stderr}");
    }
}

#[test]
fn a_ledger_in_a_folder_survives_a_restart() {
    let Some(mut ledger) = Ledger::only_embedded(&[]) else {
        return;
    };
    admit_and_mint(&ledger);
    ledger
        .by("maker", &format!("ship {LOT} --to {PHARMACY} --yes"))
        .succeeds();
    ledger.restart();
    ledger
        .by("pharmacy", &format!("receive {LOT} --yes"))
        .succeeds();
    let lots = ledger.by("maker", "lot list").succeeds();
    assert_eq!(lots[0]["lot_number"], "A1");
    assert_eq!(
        ledger.by("maker", &format!("trace {LOT}")).succeeds()["finding"],
        "proven"
    );
}

#[test]
fn a_ledger_starts_with_the_accounts_that_it_is_given() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("account.json");
    let address = "8qbHbw2BbbTHBW1sbeqakYXVKRQM8Ne7pLK7m6CVfeR";
    // As `solana account ADDRESS --output json` writes it.
    let account = json!({
        "pubkey": address,
        "account": {
            "lamports": 10_000_000,
            "data": ["AQID", "base64"],
            "owner": "MemoSq4gqABAXKb96qnH8TysNcWxMyWCqXgDLGmfcHr",
            "executable": false,
            "rentEpoch": 0,
            "space": 3,
        },
    });
    fs::write(&file, account.to_string()).unwrap();
    let options = ["--account", file.to_str().unwrap()];
    let Some(ledger) = Ledger::only_embedded(&options) else {
        return;
    };
    let client = Client::new(ledger.url().to_owned(), CommitmentConfig::confirmed());
    let asked = [address.parse().unwrap()];
    let (_, found) = Runtime::new()
        .unwrap()
        .block_on(client.accounts(&asked))
        .unwrap();
    assert_eq!(found[0].as_ref().unwrap().data, [1, 2, 3]);
}

#[test]
fn the_demo_tells_its_story() {
    let Reply {
        code,
        stdout,
        stderr,
    } = no_ledger("demo");
    assert_eq!(code, 0, "{stderr}");
    for expected in [
        "Lot PDG-2026-11: 10000 units",
        "ReceiverRevoked",
        "Neither has the other's key.",
        "VERIFIED",
        "proven",
    ] {
        assert!(
            stdout.contains(expected),
            "{expected} is missing in:\n{stdout}"
        );
    }
}

#[test]
fn a_reader_may_stop_reading() {
    assert!(make_keypair_unread().success());
}

#[test]
fn completions_are_written_for_every_shell() {
    for shell in ["bash", "zsh", "fish"] {
        let Reply { code, stdout, .. } = no_ledger(&format!("completions {shell}"));
        assert_eq!(code, 0);
        assert!(stdout.contains("pedigree"), "{shell}");
    }
}

#[test]
fn every_command_has_a_man_page() {
    let folder = tempfile::tempdir().unwrap();
    let Reply { code, .. } = no_ledger(&format!("man {}", folder.path().display()));
    assert_eq!(code, 0);
    for page in ["pedigree.1", "pedigree-lot-mint.1", "pedigree-scan.1"] {
        let text = fs::read_to_string(folder.path().join(page)).unwrap();
        assert!(text.contains(".SH NAME"), "{page}");
    }
}
