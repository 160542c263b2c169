use pedigree_interface::{Site, instruction::registry::update_product};
use program_tests::{
    alter::Alter,
    layout::padded,
    world::{GTIN, World, product_description},
};
use registry::{Product, RegistryError, instructions::ProductDescription};

use crate::{INELIGIBLE_MANUFACTURERS, register_product::invalid_descriptions};

#[test]
fn replaces_the_description_and_nothing_else() {
    let World {
        mut ledger,
        manufacturer,
        product,
        ..
    } = World::new();
    let description = ProductDescription {
        name: padded("Amoxicillin 500 mg"),
        national_code: [0; 16],
        storage_min: 20,
        storage_max: 80,
    };
    let effect = ledger.effect(product, |product: &mut Product| {
        product.name = padded("Amoxicillin 500 mg");
        product.national_code = [0; 16];
        product.storage_min = 20;
        product.storage_max = 80;
    });
    let instruction = update_product(manufacturer, GTIN, description);
    ledger.execute_with_effects(&instruction, &[effect]);
}

#[test]
fn refuses_a_manufacturer_that_may_not_act() {
    for (disqualify, refusal) in INELIGIBLE_MANUFACTURERS {
        let mut world = World::new();
        let site = world.manufacturer;
        disqualify(&mut world, site);
        let World {
            mut ledger,
            manufacturer,
            ..
        } = world;
        let instruction = update_product(manufacturer, GTIN, product_description());
        ledger.refuse(&instruction, refusal);
    }
}

#[test]
fn refuses_invalid_descriptions() {
    let World {
        mut ledger,
        manufacturer,
        ..
    } = World::new();
    for (description, refusal) in invalid_descriptions() {
        let instruction = update_product(manufacturer, GTIN, description);
        ledger.refuse(&instruction, refusal);
    }
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
    let instruction = update_product(manufacturer, GTIN, product_description());
    let another = update_product(other_manufacturer, GTIN, product_description());
    ledger.refuse(&another, RegistryError::NotProductsManufacturer);
    let sibling = instruction.clone().replacing(product, other_product);
    ledger.refuse(&sibling, RegistryError::NotProductsManufacturer);
    let with_anothers_key = Site {
        key: other_manufacturer.key,
        ..manufacturer
    };
    let wrong_key = update_product(with_anothers_key, GTIN, product_description());
    ledger.refuse(&wrong_key, RegistryError::NotPartnerKey);
    ledger.refuse_unsigned(&instruction, &[manufacturer.key]);
}

#[test]
fn refuses_wrong_accounts() {
    let World {
        mut ledger,
        manufacturer,
        product,
        ..
    } = World::new();
    let instruction = update_product(manufacturer, GTIN, product_description());
    ledger.refuse_stand_ins(&instruction, &[manufacturer.partner, product]);
}
