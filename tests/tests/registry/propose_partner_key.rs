use anchor_lang::Address;
use pedigree_interface::{Site, instruction::registry::propose_partner_key};
use program_tests::world::World;
use registry::{Partner, PartnerStatus, RegistryError};

#[test]
fn names_the_next_key_and_withdraws_the_name() {
    let World {
        mut ledger,
        pharmacy,
        ..
    } = World::new();
    let next = ledger.key("next");
    for pending in [next, pharmacy.key, Address::default()] {
        let effect = ledger.effect(pharmacy.partner, |partner: &mut Partner| {
            partner.pending_authority = pending;
        });
        ledger.execute_with_effects(&propose_partner_key(pharmacy, Some(pending)), &[effect]);
    }
}

#[test]
fn a_lapsed_site_may_replace_its_key() {
    let mut world = World::new();
    world.lapse(world.pharmacy);
    let next = world.ledger.key("next");
    world
        .ledger
        .execute(&propose_partner_key(world.pharmacy, Some(next)));
}

#[test]
fn refuses_a_site_that_is_not_active() {
    let (mut suspended, mut revoked) = (World::new(), World::new());
    suspended.suspend(suspended.pharmacy);
    revoked.revoke(revoked.pharmacy);
    for (mut world, refusal) in [
        (suspended, RegistryError::PartnerNotActive),
        (revoked, RegistryError::PartnerRevoked),
        (
            unconfirmed(World::new()),
            RegistryError::PartnerNotConfirmed,
        ),
    ] {
        let next = world.ledger.key("next");
        for pending in [Some(next), None] {
            let instruction = propose_partner_key(world.pharmacy, pending);
            world.ledger.refuse(&instruction, refusal);
        }
    }
}

/// The same with a pharmacy that has not confirmed its admission.
fn unconfirmed(mut world: World) -> World {
    world
        .ledger
        .edit(world.pharmacy.partner, |partner: &mut Partner| {
            partner.status = PartnerStatus::Admitted;
            partner.confirmed_at = 0;
        });
    world
}

#[test]
fn refuses_anybody_but_the_site() {
    let World {
        mut ledger,
        pharmacy,
        wholesaler,
        issuer_key,
        authority,
        ..
    } = World::new();
    let next = ledger.key("next");
    ledger.execute(&propose_partner_key(pharmacy, Some(next)));
    for key in [wholesaler.key, issuer_key, authority, next] {
        let instruction = propose_partner_key(Site { key, ..pharmacy }, Some(key));
        ledger.refuse(&instruction, RegistryError::NotPartnerKey);
    }
    ledger.refuse_unsigned(&propose_partner_key(pharmacy, Some(next)), &[pharmacy.key]);
}

#[test]
fn refuses_what_stands_in_for_the_partner() {
    let World {
        mut ledger,
        pharmacy,
        ..
    } = World::new();
    ledger.refuse_stand_ins(
        &propose_partner_key(pharmacy, Some(pharmacy.key)),
        &[pharmacy.partner],
    );
}
