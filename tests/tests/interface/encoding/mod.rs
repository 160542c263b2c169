//! The builders' instruction data, byte by byte: the instruction's discriminator, one byte, and its
//! arguments in Borsh. The arguments are declared again here, from the documentation and the IDLs, and
//! encoded by `borsh` itself, so that the expected bytes depend neither on the programs' types nor on
//! Anchor's encoder.

mod case;
mod custody;
mod recall;
mod registry;

use std::{collections::BTreeSet, fs, path::Path};

use anchor_lang::Address;
use serde_json::Value;

use case::Case;

/// Expects the cases to have the data that `borsh` makes, and to cover all instructions in the program's
/// IDL.
#[track_caller]
fn assert_encoded(program: &str, id: Address, cases: &[Case]) {
    for Case {
        name,
        built,
        expected,
    } in cases
    {
        assert_eq!(built.program_id, id, "{name}");
        assert_eq!(built.data, *expected, "{name}");
    }
    let names: BTreeSet<&str> = cases.iter().map(|case| case.name).collect();
    let idl = idl(program);
    let documented: BTreeSet<&str> = list(&idl["instructions"]).map(name).collect();
    assert_eq!(names, documented);
}

/// Expects the accounts of each case to be writable and to sign as the IDL says.
#[track_caller]
fn assert_accounts(program: &str, cases: &[Case]) {
    let idl = idl(program);
    for case in cases {
        let documented = list(&idl["instructions"])
            .find(|instruction| name(instruction) == case.name)
            .unwrap_or_else(|| panic!("the IDL has no {}", case.name));
        let described = list(&documented["accounts"]);
        let (listed, named): (Vec<_>, Vec<_>) = described
            .zip(&case.built.accounts)
            // The program's own address stands for an optional account that is left out.
            .filter(|(account, meta)| {
                account["optional"] != true || meta.pubkey != case.built.program_id
            })
            .map(|(account, meta)| {
                let listed = (account["writable"] == true, account["signer"] == true);
                (listed, (meta.is_writable, meta.is_signer))
            })
            .unzip();
        assert!(case.built.accounts.len() >= list(&documented["accounts"]).count());
        assert_eq!(named, listed, "{}", case.name);
    }
}

fn idl(program: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../idl/{program}.json"));
    let text = fs::read_to_string(path).expect("the IDL is committed");
    serde_json::from_str(&text).expect("the IDL is JSON")
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().expect("a list").iter()
}

fn name(instruction: &Value) -> &str {
    instruction["name"].as_str().expect("a name")
}

#[test]
fn the_registrys_instructions() {
    let cases = registry::cases();
    assert_encoded("registry", ::registry::ID, &cases);
    assert_accounts("registry", &cases);
}

#[test]
fn custodys_instructions() {
    let cases = custody::cases();
    assert_encoded("custody", ::custody::ID, &cases);
    assert_accounts("custody", &cases);
}

#[test]
fn the_recall_programs_instructions() {
    let cases = recall::cases();
    assert_encoded("recall", ::recall::ID, &cases);
    assert_accounts("recall", &cases);
}
