use anchor_lang::Address;
use pedigree_interface::{Site, instruction::registry::propose_partner_key};
use program_tests::world::World;
use registry::{Partner, RegistryError};

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
fn works_in_every_status() {
    for disqualify in [World::suspend, World::revoke, World::lapse] {
        let mut world = World::new();
        let site = world.pharmacy;
        disqualify(&mut world, site);
        let next = world.ledger.key("next");
        world
            .ledger
            .execute(&propose_partner_key(world.pharmacy, Some(next)));
    }
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
