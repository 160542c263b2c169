use anchor_lang::Address;
use pedigree_interface::{
    IssuerSigner,
    instruction::registry::{
        accept_partner_key, cancel_recovery, complete_recovery, propose_partner_key,
        reassign_partner, remove_issuer, rotate_issuer_key,
    },
};
use program_tests::{address, ledger::NOW, world::World};
use registry::{Partner, RECOVERY_DELAY, RegistryError};

use crate::propose_recovery::proposed;

/// The site's issuer beside another key.
fn issuer_with(world: &World, key: Address) -> IssuerSigner {
    let issuer = address::issuer(&world.issuer_key);
    IssuerSigner { issuer, key }
}

#[test]
fn the_issuer_or_the_authority_withdraws_it() {
    let (world, key) = proposed();
    let gln = world.pharmacy.gln;
    for overseer in [world.issuer_key, world.authority] {
        let mut ledger = world.ledger.clone();
        let effect = ledger.effect(world.pharmacy.partner, |partner: &mut Partner| {
            partner.recovery_authority = Address::default();
            partner.recovery_at = 0;
        });
        let instruction = cancel_recovery(issuer_with(&world, overseer), gln);
        ledger.execute_with_effects(&instruction, &[effect]);
        ledger.refuse(&instruction, RegistryError::NoRecovery);
        ledger.set_time(NOW + RECOVERY_DELAY);
        ledger.refuse(&complete_recovery(gln, key), RegistryError::NotRecoveryKey);
    }
}

#[test]
fn refuses_the_present_holder_and_everybody_else() {
    let (mut world, key) = proposed();
    let (site, gln) = (world.pharmacy, world.pharmacy.gln);
    let next = world.ledger.key("thief's next");
    world.ledger.execute(&propose_partner_key(site, Some(next)));
    for other in [
        site.key,
        next,
        key,
        world.other_issuer_key,
        world.regulator.key,
    ] {
        let instruction = cancel_recovery(issuer_with(&world, other), gln);
        world
            .ledger
            .refuse(&instruction, RegistryError::NotOverseer);
    }
    // Nor with another issuer's account, or with the key after a rotation.
    let by_another = cancel_recovery(world.other_issuer_key, gln);
    world
        .ledger
        .refuse(&by_another, RegistryError::NotPartnersIssuer);
    world.ledger.execute(&accept_partner_key(gln, next));
    let by_next = cancel_recovery(issuer_with(&world, next), gln);
    world.ledger.refuse(&by_next, RegistryError::NotOverseer);

    let instruction = cancel_recovery(world.issuer_key, gln);
    world
        .ledger
        .refuse_unsigned(&instruction, &[world.issuer_key]);
    world
        .ledger
        .refuse_stand_ins(&instruction, &[address::registry(), site.partner]);
}

#[test]
fn a_stolen_issuer_key_cancels_nothing_once_it_was_replaced() {
    let (mut world, _) = proposed();
    let (gln, next) = (world.pharmacy.gln, world.ledger.key("board's next"));
    let issuer = address::issuer(&world.issuer_key);
    world
        .ledger
        .execute(&rotate_issuer_key(world.authority, issuer, next));
    let by_thief = cancel_recovery(world.issuer_key, gln);
    world.ledger.refuse(&by_thief, RegistryError::NotOverseer);
    let by_next = cancel_recovery(issuer_with(&world, next), gln);
    world.ledger.execute(&by_next);
}

#[test]
fn the_authority_cancels_after_the_issuer_was_removed() {
    let (mut world, _) = proposed();
    let gln = world.pharmacy.gln;
    let issuer = address::issuer(&world.issuer_key);
    world
        .ledger
        .execute(&remove_issuer(world.authority, issuer));
    let by_removed = cancel_recovery(world.issuer_key, gln);
    world.ledger.refuse(&by_removed, RegistryError::NotOverseer);
    let by_authority = cancel_recovery(issuer_with(&world, world.authority), gln);
    world.after([&by_authority]);
    // Whoever answers for the site now cancels, too.
    let other = address::issuer(&world.other_issuer_key);
    world
        .ledger
        .execute(&reassign_partner(world.authority, other, gln));
    world
        .ledger
        .execute(&cancel_recovery(world.other_issuer_key, gln));
}

#[test]
fn refuses_where_there_is_none() {
    let World {
        mut ledger,
        issuer_key,
        pharmacy,
        ..
    } = World::new();
    let instruction = cancel_recovery(issuer_key, pharmacy.gln);
    ledger.refuse(&instruction, RegistryError::NoRecovery);
}
