use pedigree_interface::{
    IssuerSigner, Site,
    instruction::registry::{join_firm, leave_firm, remove_issuer},
};
use program_tests::{address, world::World};
use registry::{Partner, RegistryError};

use crate::correct_admission::mistyped;

/// A world in which the pharmacy belongs to the manufacturer's firm.
fn joined() -> World {
    let mut world = World::new();
    world.join_firm(world.pharmacy, world.manufacturer);
    world
}

#[test]
fn makes_the_site_its_own_head_office() {
    let mut world = joined();
    let (manufacturer, pharmacy) = (world.manufacturer, world.pharmacy);
    let effect = world
        .ledger
        .effect(pharmacy.partner, |partner: &mut Partner| {
            partner.firm = pharmacy.gln.number();
        });
    let instruction = leave_firm(world.issuer_key, manufacturer, pharmacy.gln);
    world.ledger.execute_with_effects(&instruction, &[effect]);
    // Then it is in nobody's firm that could agree.
    world
        .ledger
        .refuse(&instruction, RegistryError::NotHeadOffice);
}

#[test]
fn an_issuer_takes_no_site_out_of_a_firm_that_does_not_agree() {
    let mut world = joined();
    let World {
        authority,
        issuer_key,
        manufacturer,
        wholesaler,
        pharmacy,
        ..
    } = world;
    for key in [issuer_key, pharmacy.key, authority] {
        let head_office = Site::own(manufacturer.gln, key);
        let instruction = leave_firm(issuer_key, head_office, pharmacy.gln);
        world
            .ledger
            .refuse(&instruction, RegistryError::HeadOfficeDisagrees);
    }
    let by_anothers = leave_firm(issuer_key, wholesaler, pharmacy.gln);
    world
        .ledger
        .refuse(&by_anothers, RegistryError::NotHeadOffice);
}

#[test]
fn the_authority_takes_a_site_out_too() {
    let mut world = joined();
    let (manufacturer, pharmacy) = (world.manufacturer, world.pharmacy);
    let issuer = address::issuer(&world.issuer_key);
    let overseer = IssuerSigner {
        issuer,
        key: world.authority,
    };
    let head_office = Site::own(manufacturer.gln, world.authority);
    let instruction = leave_firm(overseer, head_office, pharmacy.gln);
    world.after([&instruction]);
    // Also after the site's issuer was removed, and whatever became of the head office.
    world.revoke(manufacturer);
    let removal = remove_issuer(world.authority, issuer);
    world.ledger.execute(&removal);
    world.ledger.execute(&instruction);
}

#[test]
fn the_issuer_alone_corrects_the_firm_until_the_sites_key_has_confirmed() {
    let (mut world, site) = mistyped();
    let (issuer_key, manufacturer) = (world.issuer_key, world.manufacturer);
    let head_office = Site::own(manufacturer.gln, issuer_key);
    for instruction in [
        join_firm(issuer_key, manufacturer, Site::own(site.gln, issuer_key)),
        leave_firm(issuer_key, head_office, site.gln),
    ] {
        world.ledger.execute(&instruction);
    }
}

#[test]
fn refuses_a_head_office_whose_key_may_not_agree() {
    type Stop = fn(&mut World, Site);
    for (stop, refusal) in [
        (World::suspend as Stop, RegistryError::PartnerNotActive),
        (World::revoke, RegistryError::PartnerRevoked),
    ] {
        let mut world = joined();
        let (manufacturer, pharmacy) = (world.manufacturer, world.pharmacy);
        stop(&mut world, manufacturer);
        let instruction = leave_firm(world.issuer_key, manufacturer, pharmacy.gln);
        world.ledger.refuse(&instruction, refusal);
    }
}

#[test]
fn refuses_everybody_else() {
    let mut world = joined();
    let World {
        issuer_key,
        other_issuer_key,
        manufacturer,
        pharmacy,
        ..
    } = world;
    let issuer = address::issuer(&issuer_key);
    for key in [other_issuer_key, manufacturer.key, pharmacy.key] {
        let overseer = IssuerSigner { issuer, key };
        let instruction = leave_firm(overseer, manufacturer, pharmacy.gln);
        world
            .ledger
            .refuse(&instruction, RegistryError::NotOverseer);
    }
    let by_another = leave_firm(other_issuer_key, manufacturer, pharmacy.gln);
    world
        .ledger
        .refuse(&by_another, RegistryError::NotPartnersIssuer);
    let instruction = leave_firm(issuer_key, manufacturer, pharmacy.gln);
    world
        .ledger
        .refuse_unsigned(&instruction, &[issuer_key, manufacturer.key]);
    world.ledger.refuse_stand_ins(
        &instruction,
        &[address::registry(), manufacturer.partner, pharmacy.partner],
    );
}
