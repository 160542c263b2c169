use anchor_lang::Address;
use pedigree_interface::{
    Site,
    instruction::registry::{accept_product_transfer, propose_product_transfer, reinstate_partner},
};
use program_tests::{
    alter::Alter,
    ledger::NOW,
    world::{GTIN, World},
};
use registry::{Product, RegistryError};

use crate::INELIGIBLE_MANUFACTURERS;

#[test]
fn names_the_next_manufacturer_and_withdraws_the_name() {
    let World {
        mut ledger,
        manufacturer,
        other_manufacturer,
        product,
        ..
    } = World::new();
    for (to, pending, at) in [
        (other_manufacturer.gln, other_manufacturer.partner, NOW),
        (manufacturer.gln, Address::default(), 0),
    ] {
        let effect = ledger.effect(product, |product: &mut Product| {
            product.pending_manufacturer = pending;
            product.proposed_at = at;
        });
        let instruction = propose_product_transfer(manufacturer, to, GTIN);
        ledger.execute_with_effects(&instruction, &[effect]);
    }
}

#[test]
fn refuses_either_side_that_may_not_act() {
    for (disqualify, refusal) in INELIGIBLE_MANUFACTURERS {
        for side in [
            |world: &World| world.manufacturer,
            |world: &World| world.other_manufacturer,
        ] {
            let mut world = World::new();
            let site = side(&world);
            disqualify(&mut world, site);
            let World {
                mut ledger,
                manufacturer,
                other_manufacturer,
                ..
            } = world;
            let instruction = propose_product_transfer(manufacturer, other_manufacturer.gln, GTIN);
            ledger.refuse(&instruction, refusal);
        }
    }
}

#[test]
fn refuses_a_receiver_that_makes_no_medicines() {
    let World {
        mut ledger,
        manufacturer,
        pharmacy,
        ..
    } = World::new();
    let instruction = propose_product_transfer(manufacturer, pharmacy.gln, GTIN);
    ledger.refuse(&instruction, RegistryError::NotManufacturer);
}

#[test]
fn refuses_anybody_but_the_products_manufacturer() {
    let world = World::new();
    let World {
        mut ledger,
        manufacturer,
        other_manufacturer,
        product,
        other_product,
        ..
    } = world;
    let to = other_manufacturer.gln;
    let instruction = propose_product_transfer(manufacturer, to, GTIN);
    let thief = propose_product_transfer(other_manufacturer, to, GTIN);
    ledger.refuse(&thief, RegistryError::NotProductsManufacturer);
    let sibling = instruction.clone().replacing(product, other_product);
    ledger.refuse(&sibling, RegistryError::NotProductsManufacturer);
    let with_anothers_key = Site {
        key: other_manufacturer.key,
        ..manufacturer
    };
    let wrong_key = propose_product_transfer(with_anothers_key, to, GTIN);
    ledger.refuse(&wrong_key, RegistryError::NotPartnerKey);
    ledger.refuse_unsigned(&instruction, &[manufacturer.key]);
}

#[test]
fn refuses_wrong_accounts() {
    let World {
        mut ledger,
        manufacturer,
        other_manufacturer,
        product,
        ..
    } = World::new();
    let to = other_manufacturer;
    let instruction = propose_product_transfer(manufacturer, to.gln, GTIN);
    ledger.refuse_stand_ins(&instruction, &[manufacturer.partner, to.partner, product]);
}

#[test]
fn an_offer_that_a_thief_made_is_withdrawn_while_the_site_is_suspended() {
    let mut world = World::new();
    let World {
        issuer_key,
        manufacturer,
        other_manufacturer: crony,
        ..
    } = world;
    let offering = propose_product_transfer(manufacturer, crony.gln, GTIN);
    world.ledger.execute(&offering);
    world.suspend(manufacturer);
    let withdrawal = propose_product_transfer(manufacturer, manufacturer.gln, GTIN);
    for step in [withdrawal, reinstate_partner(issuer_key, manufacturer.gln)] {
        world.ledger.execute(&step);
    }
    let acceptance = accept_product_transfer(crony, manufacturer.gln, GTIN);
    world
        .ledger
        .refuse(&acceptance, RegistryError::NotPendingManufacturer);
}
