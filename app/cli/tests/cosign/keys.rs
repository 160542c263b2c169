//! Keys that are not in files.

use std::{
    fs,
    process::{Command, Stdio},
};

use super::*;

/// Runs `pedigree key address` at a terminal of its own, where somebody types these lines.
fn typed(source: &str, lines: &str) -> String {
    let pedigree = env!("CARGO_BIN_EXE_pedigree");
    let command = format!("sleep 1; {pedigree} --keypair '{source}' key address");
    let mut terminal = Command::new("script")
        .args(["--quiet", "--return", "--command", &command, "/dev/null"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("script starts");
    let mut input = terminal.stdin.take().expect("piped");
    for line in lines.lines() {
        std::thread::sleep(std::time::Duration::from_millis(1_500));
        std::io::Write::write_all(&mut input, format!("{line}\r").as_bytes()).expect("it reads");
    }
    let output = terminal.wait_with_output().expect("it ends");
    String::from_utf8_lossy(&output.stdout).into_owned()
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
    let typed_well = typed("prompt://?key=0/0", &format!("{phrase}\n\n"));
    let address = "HAgk14JpMQLgt6rVgv7cBQFJWFto5Dqxi472uT3DKpqk";
    assert!(typed_well.contains(address), "{typed_well}");
    assert!(
        !typed_well.contains("abandon"),
        "it is not shown: {typed_well}"
    );
    let mistyped = typed("prompt://", &phrase.replace("about", "above"));
    assert!(mistyped.contains("this is not a seed phrase"), "{mistyped}");
}

#[test]
fn keys_that_this_build_cannot_reach_say_so() {
    let ledger = trading_ledger();
    let ask = |source| ledger.by_source(source, "key address", &[]);
    ask("prompt://").fails_saying("a seed phrase is asked for at a terminal");
    ask("https://keys.example").asks_for("is no place for a key");
    #[cfg(not(feature = "hardware-wallets"))]
    ask("usb://ledger").fails_saying("--features hardware-wallets");
    #[cfg(not(feature = "key-services"))]
    ask("aws-kms://key?address=x").fails_saying("--features key-services");
}
