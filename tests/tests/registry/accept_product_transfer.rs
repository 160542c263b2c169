use anchor_lang::Address;
use pedigree_interface::{
    Site,
    instruction::registry::{accept_product_transfer, propose_product_transfer, release_prefix},
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
    let instruction = accept_product_transfer(other_manufacturer, GTIN);
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
        other_manufacturer,
        ..
    } = proposed();
    let own = OTHER_COMPANY_PREFIX;
    ledger.execute(&release_prefix(issuer_key, other_manufacturer.gln, own));
    ledger.execute(&accept_product_transfer(other_manufacturer, GTIN));
}

#[test]
fn refuses_a_manufacturer_that_may_not_act() {
    for (disqualify, refusal) in INELIGIBLE_MANUFACTURERS {
        let mut world = proposed();
        let site = world.other_manufacturer;
        disqualify(&mut world, site);
        let World {
            mut ledger,
            other_manufacturer,
            ..
        } = world;
        ledger.refuse(&accept_product_transfer(other_manufacturer, GTIN), refusal);
    }
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
        let instruction = accept_product_transfer(other, GTIN);
        ledger.refuse(&instruction, RegistryError::NotPendingManufacturer);
    }
    let instruction = accept_product_transfer(other_manufacturer, GTIN);
    let sibling = instruction.clone().replacing(product, other_product);
    ledger.refuse(&sibling, RegistryError::NotPendingManufacturer);
    let with_anothers_key = Site {
        key: manufacturer.key,
        ..other_manufacturer
    };
    let wrong_key = accept_product_transfer(with_anothers_key, GTIN);
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
    let instruction = accept_product_transfer(other_manufacturer, GTIN);
    ledger.refuse(&instruction, RegistryError::NotPendingManufacturer);
}

#[test]
fn refuses_wrong_accounts() {
    let World {
        mut ledger,
        other_manufacturer,
        product,
        ..
    } = proposed();
    let instruction = accept_product_transfer(other_manufacturer, GTIN);
    ledger.refuse_stand_ins(&instruction, &[other_manufacturer.partner, product]);
}
