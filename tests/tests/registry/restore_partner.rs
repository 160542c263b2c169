use anchor_lang::solana_program::instruction::Instruction;
use pedigree_domain::Roles;
use pedigree_interface::{
    IssuerSigner, TransferKind,
    instruction::{
        custody::handoff,
        registry::{
            renew_partner, restore_partner, revoke_partner, rotate_issuer_key, suspend_partner,
        },
    },
};
use program_tests::{
    address,
    ledger::NOW,
    world::{DOCUMENT, LICENCE_END, World, licence},
};
use registry::{Partner, PartnerStatus, RegistryError, instructions::Licence};

use crate::{admit_partner::invalid_licences, correct_admission::mistyped};

/// Has the authority restore the pharmacy.
fn restore(world: &World) -> Instruction {
    restore_partner(
        world.authority,
        world.pharmacy.gln,
        licence(Roles::DISPENSER),
    )
}

#[test]
fn makes_a_revoked_or_suspended_site_active_again() {
    for stop in [World::revoke, World::suspend] {
        let mut world = World::new();
        let site = world.pharmacy;
        stop(&mut world, site);
        world.ledger.set_time(NOW + 60);
        let effect = world.ledger.effect(site.partner, |partner: &mut Partner| {
            partner.status = PartnerStatus::Active;
            partner.status_changed_at = NOW + 60;
        });
        let instruction = restore(&world);
        world.ledger.execute_with_effects(&instruction, &[effect]);
    }
}

#[test]
fn replaces_a_licence_that_a_thief_gave_to_an_active_site() {
    let mut world = World::new();
    let site = world.pharmacy;
    let stolen = Licence {
        roles: Roles::LOGISTICS.bits(),
        country: 276,
        valid_until: NOW + 1,
        hash: [0; 32],
    };
    world
        .ledger
        .execute(&renew_partner(world.issuer_key, site.gln, stolen));
    let effect = world.ledger.effect(site.partner, |partner: &mut Partner| {
        partner.roles = Roles::DISPENSER.bits();
        partner.country = 756;
        partner.licence_valid_until = LICENCE_END;
        partner.licence_hash = [0x11; 32];
    });
    world.ledger.set_time(NOW + 60);
    let instruction = restore(&world);
    world.ledger.execute_with_effects(&instruction, &[effect]);
}

#[test]
fn what_a_stolen_issuer_key_did_to_all_sites_is_undone() {
    let mut world = World::new();
    let sites = [
        (world.manufacturer, Roles::MANUFACTURER),
        (world.wholesaler, Roles::WHOLESALER),
        (world.logistics, Roles::LOGISTICS),
        (world.pharmacy, Roles::DISPENSER),
        (world.regulator, Roles::REGULATOR),
    ];
    let (authority, stolen) = (world.authority, world.issuer_key);
    let new = IssuerSigner {
        issuer: address::issuer(&stolen),
        key: world.ledger.key("board's next"),
    };
    for (site, _) in sites {
        world.ledger.execute(&revoke_partner(stolen, site.gln));
    }
    world
        .ledger
        .execute(&rotate_issuer_key(authority, new.issuer, new.key));
    for (site, roles) in sites {
        let restoration = restore_partner(authority, site.gln, licence(roles));
        world.ledger.execute(&restoration);
        let again = revoke_partner(stolen, site.gln);
        world
            .ledger
            .refuse(&again, RegistryError::NotPartnersIssuer);
    }
    let (maker, pharmacy, goods) = (world.manufacturer, world.pharmacy, world.goods);
    let kind = TransferKind::Sale;
    world
        .ledger
        .execute(&handoff(maker, pharmacy, goods, kind, Some(DOCUMENT)));
    world.ledger.execute(&suspend_partner(new, pharmacy.gln));
}

#[test]
fn a_site_that_never_confirmed_still_has_to() {
    let (mut world, site) = mistyped();
    world
        .ledger
        .execute(&revoke_partner(world.issuer_key, site.gln));
    let effect = world.ledger.effect(site.partner, |partner: &mut Partner| {
        partner.status = PartnerStatus::Admitted;
    });
    let restoration = restore_partner(world.authority, site.gln, licence(Roles::DISPENSER));
    world.ledger.execute_with_effects(&restoration, &[effect]);
}

#[test]
fn refuses_invalid_licences() {
    let mut world = World::new();
    world.revoke(world.pharmacy);
    for (licence, refusal) in invalid_licences() {
        let instruction = restore_partner(world.authority, world.pharmacy.gln, licence);
        world.ledger.refuse(&instruction, refusal);
    }
}

#[test]
fn refuses_anybody_but_the_authority() {
    let mut world = World::new();
    world.revoke(world.pharmacy);
    let (gln, dispenser) = (world.pharmacy.gln, licence(Roles::DISPENSER));
    for other in [
        world.issuer_key,
        world.other_issuer_key,
        world.pharmacy.key,
        world.regulator.key,
    ] {
        let instruction = restore_partner(other, gln, dispenser);
        world
            .ledger
            .refuse(&instruction, RegistryError::NotRegistryAuthority);
    }
    let instruction = restore(&world);
    world
        .ledger
        .refuse_unsigned(&instruction, &[world.authority]);
    world
        .ledger
        .refuse_stand_ins(&instruction, &[address::registry(), world.pharmacy.partner]);
}
