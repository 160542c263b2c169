use anchor_lang::Address;
use pedigree_interface::instruction::registry::propose_authority;
use program_tests::{address, world::World};
use registry::{Registry, RegistryError};

#[test]
fn names_the_next_authority_and_withdraws_the_name() {
    let World {
        mut ledger,
        authority,
        ..
    } = World::new();
    let successor = ledger.key("successor");
    for pending in [successor, authority, Address::default()] {
        let effect = ledger.effect(address::registry(), |registry: &mut Registry| {
            registry.pending_authority = pending;
        });
        ledger.execute_with_effects(&propose_authority(authority, pending), &[effect]);
    }
}

#[test]
fn refuses_anybody_but_the_authority() {
    let World {
        mut ledger,
        authority,
        issuer_key,
        upgrade_authority,
        ..
    } = World::new();
    let successor = ledger.key("successor");
    ledger.execute(&propose_authority(authority, successor));
    for other in [successor, issuer_key, upgrade_authority] {
        let instruction = propose_authority(other, other);
        ledger.refuse(&instruction, RegistryError::NotRegistryAuthority);
    }
    ledger.refuse_unsigned(&propose_authority(authority, successor), &[authority]);
}

#[test]
fn refuses_what_stands_in_for_the_registry() {
    let World {
        mut ledger,
        authority,
        ..
    } = World::new();
    ledger.refuse_stand_ins(
        &propose_authority(authority, authority),
        &[address::registry()],
    );
}
