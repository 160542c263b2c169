use pedigree_interface::{
    Site,
    instruction::registry::{
        join_firm, leave_firm, propose_partner_key, reassign_partner, revoke_partner,
    },
};
use program_tests::{address, alter::Alter, world::World};
use registry::{Partner, PartnerStatus, RegistryError};

use crate::correct_admission::mistyped;

/// A world in which the pharmacy has another issuer than all others.
fn with_two_issuers() -> World {
    let world = World::new();
    let other = address::issuer(&world.other_issuer_key);
    world.after([&reassign_partner(
        world.authority,
        other,
        world.pharmacy.gln,
    )])
}

#[test]
fn the_issuer_of_both_sites_counts_one_to_the_others_firm() {
    let World {
        mut ledger,
        issuer_key,
        manufacturer,
        pharmacy,
        ..
    } = World::new();
    let effect = ledger.effect(pharmacy.partner, |partner: &mut Partner| {
        partner.firm = manufacturer.gln.number();
    });
    let instruction = join_firm(issuer_key, manufacturer.gln, issuer_key, pharmacy.gln);
    ledger.execute_with_effects(&instruction, &[effect]);
    let partner: Partner = ledger.read(pharmacy.partner);
    assert!(partner.is_of_firm(manufacturer.gln.number()));
    assert!(!partner.is_of_firm(pharmacy.gln.number()));
}

#[test]
fn the_head_offices_own_key_agrees_where_another_issuer_answers_for_it() {
    let mut world = with_two_issuers();
    let World {
        issuer_key,
        other_issuer_key,
        manufacturer,
        pharmacy,
        ..
    } = world;
    let joining = |key| join_firm(other_issuer_key, manufacturer.gln, key, pharmacy.gln);
    // A foreign issuer cannot make its site one of the firm, nor with the help of another.
    for key in [other_issuer_key, issuer_key, pharmacy.key, world.authority] {
        world
            .ledger
            .refuse(&joining(key), RegistryError::HeadOfficeDisagrees);
    }
    world.ledger.execute(&joining(manufacturer.key));
}

#[test]
fn the_head_office_alone_takes_no_site_in() {
    let World {
        mut ledger,
        issuer_key,
        manufacturer,
        pharmacy,
        ..
    } = World::new();
    let instruction = join_firm(issuer_key, manufacturer.gln, manufacturer.key, pharmacy.gln);
    for other in [manufacturer.key, pharmacy.key] {
        let by_other = instruction.clone().replacing(issuer_key, other);
        ledger.refuse(&by_other, RegistryError::NotPartnersIssuer);
    }
    ledger.refuse_unsigned(&instruction, &[issuer_key, manufacturer.key]);
    ledger.refuse_stand_ins(
        &instruction,
        &[
            address::issuer(&issuer_key),
            manufacturer.partner,
            pharmacy.partner,
        ],
    );
}

#[test]
fn a_firm_has_one_level() {
    let mut world = World::new();
    let World {
        issuer_key,
        manufacturer,
        wholesaler,
        pharmacy,
        ..
    } = world;
    world.join_firm(wholesaler, manufacturer);
    let under_a_member = join_firm(issuer_key, wholesaler.gln, issuer_key, pharmacy.gln);
    world
        .ledger
        .refuse(&under_a_member, RegistryError::NotHeadOffice);
    world
        .ledger
        .execute(&leave_firm(issuer_key, wholesaler.gln));
    world.ledger.execute(&under_a_member);
}

#[test]
fn refuses_a_head_office_whose_key_may_not_agree() {
    type Stop = fn(&mut World, Site);
    for (stop, refusal) in [
        (World::suspend as Stop, RegistryError::PartnerNotActive),
        (World::revoke, RegistryError::PartnerRevoked),
    ] {
        let mut world = with_two_issuers();
        let head_office = world.manufacturer;
        stop(&mut world, head_office);
        let instruction = join_firm(
            world.other_issuer_key,
            head_office.gln,
            head_office.key,
            world.pharmacy.gln,
        );
        world.ledger.refuse(&instruction, refusal);
    }
}

#[test]
fn refuses_a_head_office_that_has_not_confirmed() {
    let (mut world, site) = mistyped();
    let (issuer_key, pharmacy) = (world.issuer_key, world.pharmacy);
    let instruction = join_firm(issuer_key, site.gln, issuer_key, pharmacy.gln);
    world
        .ledger
        .refuse(&instruction, RegistryError::PartnerNotConfirmed);
}

#[test]
fn a_site_stays_in_its_firm_whatever_becomes_of_it() {
    let mut world = World::new();
    let World {
        manufacturer,
        pharmacy,
        issuer_key,
        ..
    } = world;
    world.join_firm(pharmacy, manufacturer);
    let next = world.ledger.key("next");
    for instruction in [
        propose_partner_key(pharmacy, Some(next)),
        revoke_partner(issuer_key, manufacturer.gln),
        revoke_partner(issuer_key, pharmacy.gln),
    ] {
        world.ledger.execute(&instruction);
    }
    let partner: Partner = world.ledger.read(pharmacy.partner);
    assert_eq!(partner.status, PartnerStatus::Revoked);
    assert!(partner.is_of_firm(manufacturer.gln.number()));
}
