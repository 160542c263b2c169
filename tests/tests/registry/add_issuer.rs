use anchor_lang::{Address, ErrorCode};
use pedigree_interface::instruction::registry::add_issuer;
use program_tests::{
    address,
    alter::Alter,
    layout::{self, padded},
    ledger::NOW,
    world::{World, scope},
};
use registry::{Issuer, RegistryError};

use crate::ALREADY_IN_USE;

#[test]
fn creates_an_issuer() {
    let World {
        mut ledger,
        payer,
        authority,
        ..
    } = World::new();
    let key = ledger.key("new issuer");
    ledger.execute(&add_issuer(
        payer,
        authority,
        key,
        padded("Zulassungsbehörde"),
        scope(),
    ));
    let account = ledger.account(address::issuer(&key));
    assert_eq!(account.owner, registry::ID);
    assert_eq!(
        account.data,
        layout::encode(&Issuer {
            key,
            name: padded("Zulassungsbehörde"),
            added_at: NOW,
            prefixes: [0; 16],
            countries: [0; 32],
            prefix_digits: [0; 16],
            roles: 0xFF,
            bump: address::bump(&[b"issuer", key.as_ref()], &registry::ID),
            _padding: 0,
            key_changes: 0,
            _rest: [0; 2],
        })
    );
}

#[test]
fn the_authority_may_pay_and_be_an_issuer_itself() {
    let World {
        mut ledger,
        authority,
        ..
    } = World::new();
    ledger.execute(&add_issuer(
        authority,
        authority,
        authority,
        padded("Registry"),
        scope(),
    ));
}

#[test]
fn works_on_a_prefunded_address() {
    let World {
        mut ledger,
        payer,
        authority,
        ..
    } = World::new();
    let key = ledger.key("new issuer");
    let instruction = add_issuer(payer, authority, key, padded("New"), scope());
    ledger.execute_prefunded(&instruction, &[address::issuer(&key)]);
}

#[test]
fn refuses_an_issuer_that_is_there() {
    let World {
        mut ledger,
        payer,
        authority,
        issuer_key,
        ..
    } = World::new();
    let instruction = add_issuer(payer, authority, issuer_key, padded("Other name"), scope());
    ledger.refuse(&instruction, ALREADY_IN_USE);
}

#[test]
fn refuses_anybody_but_the_authority() {
    let World {
        mut ledger,
        payer,
        authority,
        issuer_key,
        upgrade_authority,
        ..
    } = World::new();
    let key = ledger.key("new issuer");
    for other in [payer, issuer_key, upgrade_authority, key] {
        let instruction = add_issuer(payer, other, key, padded("New"), scope());
        ledger.refuse(&instruction, RegistryError::NotRegistryAuthority);
    }
    let instruction = add_issuer(payer, authority, key, padded("New"), scope());
    ledger.refuse_unsigned(&instruction, &[payer, authority]);
    ledger.refuse(&instruction.read_only(payer), ErrorCode::ConstraintSigner);
}

#[test]
fn refuses_wrong_accounts() {
    let World {
        mut ledger,
        payer,
        authority,
        ..
    } = World::new();
    let key = ledger.key("new issuer");
    let instruction = add_issuer(payer, authority, key, padded("New"), scope());
    ledger.refuse_stand_ins(&instruction, &[address::registry()]);
    ledger.refuse_misplaced(&instruction, address::issuer(&key));
    let under_another_key = instruction.replacing(address::issuer(&key), address::issuer(&payer));
    ledger.refuse(&under_another_key, ErrorCode::ConstraintSeeds);
}

#[test]
fn refuses_no_key_and_no_name() {
    let World {
        mut ledger,
        payer,
        authority,
        ..
    } = World::new();
    let key = ledger.key("new issuer");
    let zero = add_issuer(payer, authority, Address::default(), padded("New"), scope());
    ledger.refuse(&zero, RegistryError::ZeroAddress);
    for name in ["", "\0gap", "line\nbreak", "bell\x07"] {
        let instruction = add_issuer(payer, authority, key, padded(name), scope());
        ledger.refuse(&instruction, RegistryError::InvalidName);
    }
    let mut gap = padded("A");
    gap[2] = b'B';
    let broken_utf8 = [0xC3; 64];
    for name in [gap, broken_utf8] {
        let instruction = add_issuer(payer, authority, key, name, scope());
        ledger.refuse(&instruction, RegistryError::InvalidName);
    }
}
