use anchor_lang::Address;
use pedigree_domain::Roles;
use pedigree_interface::{
    Site,
    instruction::registry::{
        accept_partner_key, propose_partner_key, reinstate_partner, restore_partner,
    },
};
use program_tests::world::{World, licence};
use registry::{Partner, PartnerStatus, RegistryError};

/// A world in which the pharmacy has proposed the key that comes with it.
fn proposed() -> (World, Address) {
    let mut world = World::new();
    let next = world.ledger.key("next");
    world
        .ledger
        .execute(&propose_partner_key(world.pharmacy, Some(next)));
    (world, next)
}

#[test]
fn changes_the_key() {
    let (
        World {
            mut ledger,
            pharmacy,
            ..
        },
        next,
    ) = proposed();
    let effect = ledger.effect(pharmacy.partner, |partner: &mut Partner| {
        partner.authority = next;
        partner.pending_authority = Address::default();
    });
    let instruction = accept_partner_key(pharmacy.gln, next);
    ledger.execute_with_effects(&instruction, &[effect]);
    let former = propose_partner_key(pharmacy, Some(pharmacy.key));
    ledger.refuse(&former, RegistryError::NotPartnerKey);
    ledger.refuse(&instruction, RegistryError::NotPendingKey);
}

#[test]
fn refuses_anybody_but_the_named_key() {
    let (
        World {
            mut ledger,
            pharmacy,
            wholesaler,
            issuer_key,
            ..
        },
        next,
    ) = proposed();
    for other in [pharmacy.key, wholesaler.key, issuer_key] {
        let instruction = accept_partner_key(pharmacy.gln, other);
        ledger.refuse(&instruction, RegistryError::NotPendingKey);
    }
    let sibling = accept_partner_key(wholesaler.gln, next);
    ledger.refuse(&sibling, RegistryError::NotPendingKey);
    ledger.refuse_unsigned(&accept_partner_key(pharmacy.gln, next), &[next]);
}

#[test]
fn refuses_a_key_that_was_named_before_the_site_was_stopped() {
    // As a thief may have done with the key, whom the site could not outrun once it is active again.
    for stop in [World::suspend as fn(&mut World, Site), World::revoke] {
        let (mut world, next) = proposed();
        let (site, issuer_key, authority) = (world.pharmacy, world.issuer_key, world.authority);
        stop(&mut world, site);
        let instruction = accept_partner_key(site.gln, next);
        world
            .ledger
            .refuse(&instruction, RegistryError::NotPendingKey);
        let stopped: Partner = world.ledger.read(site.partner);
        assert_eq!(stopped.pending_authority(), None);
        let again = if stopped.status == PartnerStatus::Suspended {
            reinstate_partner(issuer_key, site.gln)
        } else {
            restore_partner(authority, site.gln, licence(Roles::DISPENSER))
        };
        world.ledger.execute(&again);
        world
            .ledger
            .refuse(&instruction, RegistryError::NotPendingKey);
        let naming = propose_partner_key(site, Some(next));
        for step in [naming, instruction] {
            world.ledger.execute(&step);
        }
    }
}

#[test]
fn refuses_a_withdrawn_name() {
    let (
        World {
            mut ledger,
            pharmacy,
            ..
        },
        next,
    ) = proposed();
    ledger.execute(&propose_partner_key(pharmacy, Some(Address::default())));
    ledger.refuse(
        &accept_partner_key(pharmacy.gln, next),
        RegistryError::NotPendingKey,
    );
}

#[test]
fn refuses_what_stands_in_for_the_partner() {
    let (
        World {
            mut ledger,
            pharmacy,
            ..
        },
        next,
    ) = proposed();
    let instruction = accept_partner_key(pharmacy.gln, next);
    ledger.refuse_stand_ins(&instruction, &[pharmacy.partner]);
}
