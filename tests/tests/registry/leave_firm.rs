use pedigree_interface::{
    IssuerSigner,
    instruction::registry::{leave_firm, remove_issuer},
};
use program_tests::{address, world::World};
use registry::{Partner, RegistryError};

#[test]
fn makes_the_site_its_own_head_office() {
    let mut world = World::new();
    let (manufacturer, pharmacy) = (world.manufacturer, world.pharmacy);
    world.join_firm(pharmacy, manufacturer);
    let effect = world
        .ledger
        .effect(pharmacy.partner, |partner: &mut Partner| {
            partner.firm = pharmacy.gln.number();
        });
    let instruction = leave_firm(world.issuer_key, pharmacy.gln);
    world.ledger.execute_with_effects(&instruction, &[effect]);
}

#[test]
fn changes_nothing_of_a_site_without_a_firm() {
    let World {
        mut ledger,
        issuer_key,
        pharmacy,
        ..
    } = World::new();
    ledger.execute_with_effects(&leave_firm(issuer_key, pharmacy.gln), &[]);
}

#[test]
fn the_authority_takes_a_site_out_too() {
    let mut world = World::new();
    let (manufacturer, pharmacy) = (world.manufacturer, world.pharmacy);
    world.join_firm(pharmacy, manufacturer);
    let issuer = address::issuer(&world.issuer_key);
    let overseer = IssuerSigner {
        issuer,
        key: world.authority,
    };
    let instruction = leave_firm(overseer, pharmacy.gln);
    world.after([&instruction]);
    // Also after the site's issuer was removed.
    let removal = remove_issuer(world.authority, issuer);
    world.ledger.execute(&removal);
    world.ledger.execute(&instruction);
}

#[test]
fn refuses_everybody_else() {
    let mut world = World::new();
    let World {
        issuer_key,
        other_issuer_key,
        manufacturer,
        pharmacy,
        ..
    } = world;
    world.join_firm(pharmacy, manufacturer);
    let issuer = address::issuer(&issuer_key);
    for key in [other_issuer_key, manufacturer.key, pharmacy.key] {
        let instruction = leave_firm(IssuerSigner { issuer, key }, pharmacy.gln);
        world
            .ledger
            .refuse(&instruction, RegistryError::NotOverseer);
    }
    let by_another = leave_firm(other_issuer_key, pharmacy.gln);
    world
        .ledger
        .refuse(&by_another, RegistryError::NotPartnersIssuer);
    let instruction = leave_firm(issuer_key, pharmacy.gln);
    world.ledger.refuse_unsigned(&instruction, &[issuer_key]);
    world
        .ledger
        .refuse_stand_ins(&instruction, &[address::registry(), pharmacy.partner]);
}
