use anchor_lang::Address;
use pedigree_interface::{
    Site,
    instruction::registry::{
        accept_product_transfer, propose_product_transfer, reinstate_partner, release_prefix,
    },
};
use program_tests::{
    alter::Alter,
    world::{GTIN, OTHER_COMPANY_PREFIX, World},
};
use registry::{Product, RegistryError};

use crate::INELIGIBLE_MANUFACTURERS;

/// A world in which the product is offered to the other manufacturer.
fn proposed() -> World {
    let mut world = World::new();
    world.ledger.execute(&propose_product_transfer(
        world.manufacturer,
        world.other_manufacturer.gln,
        GTIN,
    ));
    world
}

#[test]
fn hands_the_product_over() {
    let World {
        mut ledger,
        manufacturer,
        other_manufacturer,
        product,
        ..
    } = proposed();
    let effect = ledger.effect(product, |product: &mut Product| {
        product.manufacturer = other_manufacturer.partner;
        product.pending_manufacturer = Address::default();
    });
    let instruction = accept_product_transfer(other_manufacturer, manufacturer.gln, GTIN);
    ledger.execute_with_effects(&instruction, &[effect]);
    ledger.refuse(&instruction, RegistryError::NotPendingManufacturer);
    let former = propose_product_transfer(manufacturer, manufacturer.gln, GTIN);
    ledger.refuse(&former, RegistryError::NotProductsManufacturer);
}

#[test]
fn needs_no_prefix_that_covers_the_gtin() {
    let World {
        mut ledger,
        issuer_key,
        manufacturer,
        other_manufacturer,
        ..
    } = proposed();
    let own = OTHER_COMPANY_PREFIX;
    ledger.execute(&release_prefix(issuer_key, other_manufacturer.gln, own));
    ledger.execute(&accept_product_transfer(
        other_manufacturer,
        manufacturer.gln,
        GTIN,
    ));
}

#[test]
fn refuses_a_manufacturer_that_may_not_act() {
    for (disqualify, refusal) in INELIGIBLE_MANUFACTURERS {
        let mut world = proposed();
        let site = world.other_manufacturer;
        disqualify(&mut world, site);
        let instruction = accept_product_transfer(site, world.manufacturer.gln, GTIN);
        world.ledger.refuse(&instruction, refusal);
    }
}

#[test]
fn refuses_a_product_whose_manufacturer_was_stopped_after_it_was_offered() {
    // As a thief may have done with its key.
    for (disqualify, refusal) in INELIGIBLE_MANUFACTURERS {
        let mut world = proposed();
        let (maker, thief) = (world.manufacturer, world.other_manufacturer);
        disqualify(&mut world, maker);
        let instruction = accept_product_transfer(thief, maker.gln, GTIN);
        world.ledger.refuse(&instruction, refusal);
    }
}

#[test]
fn a_manufacturer_that_was_stopped_for_a_while_is_asked_no_other_way() {
    let mut world = proposed();
    let World {
        issuer_key,
        manufacturer,
        other_manufacturer,
        pharmacy,
        ..
    } = world;
    world.suspend(manufacturer);
    for other in [other_manufacturer, pharmacy] {
        let instruction = accept_product_transfer(other_manufacturer, other.gln, GTIN);
        world
            .ledger
            .refuse(&instruction, RegistryError::NotProductsManufacturer);
    }
    let instruction = accept_product_transfer(other_manufacturer, manufacturer.gln, GTIN);
    world
        .ledger
        .refuse(&instruction, RegistryError::PartnerNotActive);
    let reinstatement = reinstate_partner(issuer_key, manufacturer.gln);
    world.ledger.execute(&reinstatement);
    world.ledger.execute(&instruction);
}

#[test]
fn refuses_anybody_but_the_named_manufacturer() {
    let World {
        mut ledger,
        manufacturer,
        other_manufacturer,
        pharmacy,
        product,
        other_product,
        ..
    } = proposed();
    for other in [manufacturer, pharmacy] {
        let instruction = accept_product_transfer(other, manufacturer.gln, GTIN);
        ledger.refuse(&instruction, RegistryError::NotPendingManufacturer);
    }
    let instruction = accept_product_transfer(other_manufacturer, manufacturer.gln, GTIN);
    let sibling = instruction.clone().replacing(product, other_product);
    ledger.refuse(&sibling, RegistryError::NotPendingManufacturer);
    let with_anothers_key = Site {
        key: manufacturer.key,
        ..other_manufacturer
    };
    let wrong_key = accept_product_transfer(with_anothers_key, manufacturer.gln, GTIN);
    ledger.refuse(&wrong_key, RegistryError::NotPartnerKey);
    ledger.refuse_unsigned(&instruction, &[other_manufacturer.key]);
}

#[test]
fn refuses_a_withdrawn_offer() {
    let World {
        mut ledger,
        manufacturer,
        other_manufacturer,
        ..
    } = proposed();
    ledger.execute(&propose_product_transfer(
        manufacturer,
        manufacturer.gln,
        GTIN,
    ));
    let instruction = accept_product_transfer(other_manufacturer, manufacturer.gln, GTIN);
    ledger.refuse(&instruction, RegistryError::NotPendingManufacturer);
}

#[test]
fn refuses_wrong_accounts() {
    let World {
        mut ledger,
        manufacturer,
        other_manufacturer,
        product,
        ..
    } = proposed();
    let instruction = accept_product_transfer(other_manufacturer, manufacturer.gln, GTIN);
    let accounts = [other_manufacturer.partner, manufacturer.partner, product];
    ledger.refuse_stand_ins(&instruction, &accounts);
}
