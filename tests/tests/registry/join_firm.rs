use pedigree_domain::Roles;
use pedigree_interface::{
    Site,
    instruction::registry::{
        correct_admission, join_firm, move_gln, propose_partner_key, reassign_partner,
        revoke_partner,
    },
};
use program_tests::{
    address,
    alter::Alter,
    layout::padded,
    world::{World, licence},
};
use registry::{Partner, PartnerStatus, RegistryError};

use crate::correct_admission::mistyped;

#[test]
fn a_site_joins_the_firm_of_another_as_all_three_agree() {
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
    let instruction = join_firm(issuer_key, manufacturer, pharmacy);
    ledger.execute_with_effects(&instruction, &[effect]);
    let partner: Partner = ledger.read(pharmacy.partner);
    assert!(partner.is_of_firm(manufacturer.gln.number()));
    assert!(!partner.is_of_firm(pharmacy.gln.number()));
}

#[test]
fn an_issuer_makes_no_sister_of_a_site_that_is_not_asked() {
    let mut world = World::new();
    let World {
        authority,
        issuer_key,
        manufacturer,
        pharmacy,
        ..
    } = world;
    let other_issuer = address::issuer(&world.other_issuer_key);
    for key in [issuer_key, manufacturer.key, authority] {
        let instruction = join_firm(issuer_key, manufacturer, Site::own(pharmacy.gln, key));
        world
            .ledger
            .refuse(&instruction, RegistryError::NotPartnerKey);
    }
    // Nor is another's firm made a site's, whoever answers for the two.
    for issuer in [issuer_key, world.other_issuer_key] {
        for key in [issuer, pharmacy.key, authority] {
            let instruction = join_firm(issuer, Site::own(manufacturer.gln, key), pharmacy);
            world
                .ledger
                .refuse(&instruction, RegistryError::HeadOfficeDisagrees);
        }
        let reassignment = reassign_partner(authority, other_issuer, pharmacy.gln);
        world.ledger.execute(&reassignment);
    }
    let issuer = world.other_issuer_key;
    let instruction = join_firm(issuer, manufacturer, pharmacy);
    world.ledger.execute(&instruction);
}

#[test]
fn two_sites_make_no_firm_without_the_issuer() {
    let World {
        mut ledger,
        issuer_key,
        manufacturer,
        pharmacy,
        ..
    } = World::new();
    let instruction = join_firm(issuer_key, manufacturer, pharmacy);
    for other in [manufacturer.key, pharmacy.key] {
        let by_other = instruction.clone().replacing(issuer_key, other);
        ledger.refuse(&by_other, RegistryError::NotPartnersIssuer);
    }
    ledger.refuse_unsigned(&instruction, &[issuer_key, manufacturer.key, pharmacy.key]);
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
fn the_issuer_alone_counts_a_site_to_a_firm_until_its_key_has_confirmed() {
    let (mut world, site) = mistyped();
    let World {
        issuer_key,
        manufacturer,
        ..
    } = world;
    let by_issuer = join_firm(issuer_key, manufacturer, Site::own(site.gln, issuer_key));
    world.after([&by_issuer]);
    let correction = correct_admission(
        issuer_key,
        site.gln,
        site.key,
        padded("New"),
        licence(Roles::DISPENSER),
    );
    world.ledger.execute(&correction);
    let by_itself = join_firm(issuer_key, manufacturer, site);
    world
        .ledger
        .refuse(&by_itself, RegistryError::PartnerNotConfirmed);
    world.ledger.execute(&world.confirmation(site));
    world
        .ledger
        .refuse(&by_issuer, RegistryError::NotPartnerKey);
    world.ledger.execute(&by_itself);
}

#[test]
fn who_gets_a_gln_that_goods_may_name_is_asked_before_and_after_it_confirms() {
    let mut world = World::new();
    let World {
        authority,
        issuer_key,
        manufacturer,
        pharmacy,
        ..
    } = world;
    let owner = Site::own(pharmacy.gln, world.ledger.key("owner"));
    world.ledger.execute(&move_gln(
        authority,
        address::issuer(&issuer_key),
        owner.gln,
        owner.key,
        padded("Owner"),
        licence(Roles::DISPENSER),
    ));
    let by_issuer = join_firm(issuer_key, manufacturer, Site::own(owner.gln, issuer_key));
    let by_itself = join_firm(issuer_key, manufacturer, owner);
    world
        .ledger
        .refuse(&by_issuer, RegistryError::NotPartnerKey);
    world
        .ledger
        .refuse(&by_itself, RegistryError::PartnerNotConfirmed);
    world.ledger.execute(&world.confirmation(owner));
    world.ledger.execute(&by_itself);
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
    let under_a_member = join_firm(issuer_key, wholesaler, pharmacy);
    world
        .ledger
        .refuse(&under_a_member, RegistryError::NotHeadOffice);
    world.leave_firm(wholesaler, manufacturer);
    world.ledger.execute(&under_a_member);
}

#[test]
fn a_site_leaves_its_firm_before_it_joins_another() {
    let mut world = World::new();
    let World {
        issuer_key,
        manufacturer,
        wholesaler,
        pharmacy,
        ..
    } = world;
    world.join_firm(pharmacy, manufacturer);
    // Or else it left without the agreement of its head office.
    for head_office in [wholesaler, manufacturer] {
        let instruction = join_firm(issuer_key, head_office, pharmacy);
        world.ledger.refuse(&instruction, RegistryError::SiteOfFirm);
    }
    world.leave_firm(pharmacy, manufacturer);
    world.join_firm(pharmacy, wholesaler);
}

#[test]
fn refuses_sites_whose_keys_may_not_agree() {
    type Stop = fn(&mut World, Site);
    for (stop, refusal) in [
        (World::suspend as Stop, RegistryError::PartnerNotActive),
        (World::revoke, RegistryError::PartnerRevoked),
    ] {
        let start = World::new();
        for site in [start.manufacturer, start.pharmacy] {
            let mut world = start.clone();
            stop(&mut world, site);
            let instruction = join_firm(world.issuer_key, world.manufacturer, world.pharmacy);
            world.ledger.refuse(&instruction, refusal);
        }
    }
}

#[test]
fn refuses_a_head_office_that_has_not_confirmed() {
    let (mut world, site) = mistyped();
    let (issuer_key, pharmacy) = (world.issuer_key, world.pharmacy);
    let partner: Partner = world.ledger.read(site.partner);
    let head_office = Site::own(site.gln, partner.authority);
    world.ledger.trust_signatures();
    let instruction = join_firm(issuer_key, head_office, pharmacy);
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
