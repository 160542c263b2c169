use anchor_lang::Address;
use pedigree_interface::instruction::registry::{accept_authority, propose_authority};
use program_tests::{address, world::World};
use registry::{Registry, RegistryError};

/// A world in which the registry is offered to the key that comes with it.
fn proposed() -> (World, Address) {
    let mut world = World::new();
    let successor = world.ledger.key("successor");
    world
        .ledger
        .execute(&propose_authority(world.authority, successor));
    (world, successor)
}

#[test]
fn hands_the_registry_over() {
    let (
        World {
            mut ledger,
            authority,
            ..
        },
        successor,
    ) = proposed();
    let effect = ledger.effect(address::registry(), |registry: &mut Registry| {
        registry.authority = successor;
        registry.pending_authority = Address::default();
    });
    ledger.execute_with_effects(&accept_authority(successor), &[effect]);
    ledger.refuse(
        &propose_authority(authority, authority),
        RegistryError::NotRegistryAuthority,
    );
    ledger.refuse(&accept_authority(successor), RegistryError::NotPendingKey);
}

#[test]
fn refuses_anybody_but_the_named_key() {
    let (
        World {
            mut ledger,
            authority,
            issuer_key,
            ..
        },
        successor,
    ) = proposed();
    for other in [authority, issuer_key] {
        ledger.refuse(&accept_authority(other), RegistryError::NotPendingKey);
    }
    ledger.refuse_unsigned(&accept_authority(successor), &[successor]);
}

#[test]
fn refuses_a_withdrawn_name() {
    let (
        World {
            mut ledger,
            authority,
            ..
        },
        successor,
    ) = proposed();
    ledger.execute(&propose_authority(authority, Address::default()));
    ledger.refuse(&accept_authority(successor), RegistryError::NotPendingKey);
}

#[test]
fn refuses_what_stands_in_for_the_registry() {
    let (World { mut ledger, .. }, successor) = proposed();
    ledger.refuse_stand_ins(&accept_authority(successor), &[address::registry()]);
}
