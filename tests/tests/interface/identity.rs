//! One address for each program, wherever it is written down.

use std::{fs, path::Path};

use anchor_lang::{Address, Discriminator};
use program_tests::address;
use solana_keypair::Keypair;
use solana_signer::Signer;

const PROGRAMS: [(&str, Address); 3] = [
    ("registry", registry::ID),
    ("custody", custody::ID),
    ("recall", recall::ID),
];

fn read(file: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(file);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn the_development_keypairs_are_the_declared_programs() {
    for (program, id) in PROGRAMS {
        let bytes: Vec<u8> =
            serde_json::from_str(&read(&format!("keys/development/{program}-keypair.json")))
                .unwrap();
        assert_eq!(
            Keypair::try_from(bytes.as_slice()).unwrap().pubkey(),
            id,
            "{program}"
        );
    }
}

#[test]
fn anchor_toml_names_the_declared_programs() {
    let file = read("Anchor.toml");
    let localnet: Vec<&str> = file
        .lines()
        .skip_while(|line| line.trim() != "[programs.localnet]")
        .skip(1)
        .take_while(|line| !line.starts_with('['))
        .filter(|line| line.contains('='))
        .collect();
    for (program, id) in PROGRAMS {
        let expected = format!("{program} = \"{id}\"");
        assert!(
            localnet.contains(&expected.as_str()),
            "no {expected} in {localnet:?}"
        );
    }
}

#[test]
fn the_idls_name_the_declared_programs() {
    for (program, id) in PROGRAMS {
        let idl: serde_json::Value =
            serde_json::from_str(&read(&format!("idl/{program}.json"))).unwrap();
        assert_eq!(idl["address"], id.to_string(), "{program}");
        assert_eq!(idl["metadata"]["name"], program);
    }
}

#[test]
fn custody_heeds_the_recall_program() {
    assert_eq!(address::recall_authority(), custody::RECALL_AUTHORITY);
    assert_eq!(custody::RECALL_AUTHORITY_SEED, b"authority");
    let bump = address::bump(&[b"authority"], &recall::ID);
    assert_eq!(bump, custody::RECALL_AUTHORITY_BUMP);
    let instruction = custody::instruction::SetRecalledRange::DISCRIMINATOR;
    assert_eq!(instruction, [custody::SET_RECALLED_RANGE]);
}
