//! Keys that are not in files.

use std::{
    fs,
    io::{Read as _, Write as _},
    process::{Command, Stdio},
    thread::sleep,
    time::Duration,
};

use super::*;

/// How long a program that has asked needs until it reads what is typed.
const MOMENT: Duration = Duration::from_millis(300);

/// Runs `pedigree` with these arguments at a terminal of its own, where somebody answers each of these prompts with a
/// line. Returns what the terminal shows.
pub fn typed(arguments: &str, answers: &[(&str, &str)]) -> String {
    let pedigree = env!("CARGO_BIN_EXE_pedigree");
    let command = format!("{pedigree} {arguments}");
    let mut terminal = Command::new("script")
        .args(["--quiet", "--return", "--command", &command, "/dev/null"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("script starts");
    let mut input = terminal.stdin.take().expect("piped");
    let mut output = terminal.stdout.take().expect("piped");
    let mut shown = Vec::new();
    for (prompt, line) in answers {
        let before = shown.len();
        while !String::from_utf8_lossy(&shown[before..]).contains(prompt) {
            let mut part = [0; 1_024];
            let length = output.read(&mut part).expect("it shows something");
            assert_ne!(
                length,
                0,
                "{prompt:?} in {}",
                String::from_utf8_lossy(&shown)
            );
            shown.extend_from_slice(&part[..length]);
        }
        sleep(MOMENT);
        input
            .write_all(format!("{line}\r").as_bytes())
            .expect("it reads");
    }
    output.read_to_end(&mut shown).expect("it ends");
    terminal.wait().expect("it ends");
    String::from_utf8_lossy(&shown).into_owned()
}

#[test]
fn a_key_comes_from_standard_input() {
    let ledger = trading_ledger();
    let keypair = fs::read_to_string(ledger.keypair("wholesaler")).unwrap();
    let file = ledger.signed_by("maker", &format!("handoff {LOT} --to {WHOLESALER}"));
    for (source, command) in [
        ("-", format!("cosign {file} {LOT} --dry-run")),
        ("stdin:", format!("cosign {file} {LOT} --yes")),
    ] {
        let done = ledger
            .with_key_on_stdin(source, &command, &keypair)
            .succeeds();
        assert_eq!(done["objections"], serde_json::json!([]));
    }
    assert_eq!(ledger.custodian(), format!("wholesaler ({WHOLESALER})"));
    ledger
        .with_key_on_stdin("-", "key address", "no key")
        .fails_saying("standard input has no keypair");
}

#[test]
fn a_key_comes_from_a_seed_phrase_that_somebody_types() {
    let phrase = "abandon ".repeat(11) + "about";
    let typed_well = typed(
        "--keypair 'prompt://?key=0/0' key address",
        &[("Seed phrase", &phrase), ("Passphrase", "")],
    );
    let address = "HAgk14JpMQLgt6rVgv7cBQFJWFto5Dqxi472uT3DKpqk";
    assert!(typed_well.contains(address), "{typed_well}");
    assert!(
        !typed_well.contains("abandon"),
        "it is not shown: {typed_well}"
    );
    let mistyped = typed(
        "--keypair prompt:// key address",
        &[("Seed phrase", &phrase.replace("about", "above"))],
    );
    assert!(mistyped.contains("this is not a seed phrase"), "{mistyped}");
}

#[test]
fn keys_that_this_build_cannot_reach_say_so() {
    let ledger = trading_ledger();
    let ask = |source| ledger.by_source(source, "key address", &[]);
    ask("prompt://").fails_saying("a seed phrase is asked for at a terminal");
    ask("https://keys.example").asks_for("is not a place for a key");
    #[cfg(not(feature = "hardware-wallets"))]
    ask("usb://ledger").fails_saying("--features hardware-wallets");
    #[cfg(not(feature = "key-services"))]
    ask("aws-kms://key?address=x").fails_saying("--features key-services");
}
