use anchor_lang::Address;
use pedigree_interface::{
    LotSeries,
    instruction::{
        custody::mint_lot,
        registry::{
            accept_product_transfer, move_product, propose_product_transfer, update_product,
        },
    },
};
use program_tests::{
    address,
    world::{GTIN, World, lot_label, product_description},
};
use registry::{Product, RegistryError};

use crate::INELIGIBLE_MANUFACTURERS;

#[test]
fn gives_the_product_to_the_other_manufacturer_and_ends_an_offer() {
    let mut world = World::new();
    let World {
        payer,
        authority,
        manufacturer,
        other_manufacturer: other,
        wholesaler,
        product,
        ..
    } = world;
    world.license(wholesaler, pedigree_domain::Roles::MANUFACTURER);
    // The thief of the manufacturer's key has offered it to a crony.
    world.ledger.execute(&propose_product_transfer(
        manufacturer,
        wholesaler.gln,
        GTIN,
    ));
    let effect = world.ledger.effect(product, |product: &mut Product| {
        product.manufacturer = other.partner;
        product.pending_manufacturer = Address::default();
        product.proposed_at = 0;
        product.series = 1;
    });
    let moving = move_product(authority, other.gln, GTIN);
    world.ledger.execute_with_effects(&moving, &[effect]);
    world.ledger.refuse(
        &accept_product_transfer(wholesaler, manufacturer.gln, GTIN),
        RegistryError::NotPendingManufacturer,
    );
    let description = product_description();
    world.ledger.refuse(
        &update_product(manufacturer, GTIN, description),
        RegistryError::NotProductsManufacturer,
    );
    world
        .ledger
        .execute(&update_product(other, GTIN, description));
    world.ledger.execute(&mint_lot(
        payer,
        other,
        LotSeries { product, number: 1 },
        &lot_label("NEW"),
    ));
}

#[test]
fn a_revoked_makers_product_goes_on() {
    let mut world = World::new();
    world.revoke(world.manufacturer);
    let offer = propose_product_transfer(world.manufacturer, world.other_manufacturer.gln, GTIN);
    world.ledger.refuse(&offer, RegistryError::PartnerRevoked);
    let moving = move_product(world.authority, world.other_manufacturer.gln, GTIN);
    world.ledger.execute(&moving);
}

#[test]
fn a_product_that_a_thief_transferred_comes_back() {
    let mut world = World::new();
    let (maker, other) = (world.manufacturer, world.other_manufacturer);
    let before: Product = world.ledger.read(world.product);
    for step in [
        propose_product_transfer(maker, other.gln, GTIN),
        accept_product_transfer(other, maker.gln, GTIN),
        move_product(world.authority, maker.gln, GTIN),
    ] {
        world.ledger.execute(&step);
    }
    let after: Product = world.ledger.read(world.product);
    // But the lots begin anew: the thief may have used their numbers.
    let expected = Product {
        series: 1,
        ..before
    };
    assert_eq!(bytemuck::bytes_of(&after), bytemuck::bytes_of(&expected));
}

#[test]
fn refuses_a_manufacturer_that_may_not_act() {
    for (disqualify, refusal) in INELIGIBLE_MANUFACTURERS {
        let mut world = World::new();
        let site = world.other_manufacturer;
        disqualify(&mut world, site);
        let moving = move_product(world.authority, site.gln, GTIN);
        world.ledger.refuse(&moving, refusal);
    }
}

#[test]
fn refuses_anybody_but_the_authority() {
    let World {
        mut ledger,
        authority,
        issuer_key,
        manufacturer,
        other_manufacturer,
        regulator,
        product,
        ..
    } = World::new();
    let to = other_manufacturer.gln;
    for other in [
        issuer_key,
        manufacturer.key,
        other_manufacturer.key,
        regulator.key,
    ] {
        let moving = move_product(other, to, GTIN);
        ledger.refuse(&moving, RegistryError::NotRegistryAuthority);
    }
    let moving = move_product(authority, to, GTIN);
    ledger.refuse_unsigned(&moving, &[authority]);
    ledger.refuse_stand_ins(
        &moving,
        &[address::registry(), other_manufacturer.partner, product],
    );
}
