use anchor_lang::Address;
use pedigree_domain::Roles;
use pedigree_interface::{
    IssuerSigner, Site,
    instruction::registry::{
        accept_product_transfer, complete_recovery, confirm_partner, move_gln,
        propose_product_transfer, propose_recovery, reinstate_partner, release_prefix,
    },
};
use program_tests::{
    alter::Alter,
    layout::padded,
    ledger::NOW,
    world::{GTIN, OTHER_COMPANY_PREFIX, World, licence},
};
use registry::{Product, RECOVERY_DELAY, RegistryError};

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
        product.proposed_at = 0;
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
    world.ledger.set_time(NOW + 60);
    let reinstatement = reinstate_partner(issuer_key, manufacturer.gln);
    world.ledger.execute(&reinstatement);
    world
        .ledger
        .refuse(&instruction, RegistryError::ProductOfferOutlived);
    let offering = propose_product_transfer(manufacturer, other_manufacturer.gln, GTIN);
    for step in [offering, instruction] {
        world.ledger.execute(&step);
    }
}

#[test]
fn what_a_thief_offered_is_not_taken_over_once_the_site_is_recovered() {
    // At once, and in the second of the recovery.
    for offered_at in [NOW, NOW + RECOVERY_DELAY] {
        let mut world = World::new();
        let World {
            authority,
            issuer_key,
            manufacturer,
            other_manufacturer: crony,
            ..
        } = world;
        let owner = world.ledger.key("owner");
        let recovery = propose_recovery(authority, issuer_key, manufacturer.gln, owner);
        world.ledger.execute(&recovery);
        world.ledger.set_time(offered_at);
        let offering = propose_product_transfer(manufacturer, crony.gln, GTIN);
        world.ledger.execute(&offering);
        world.ledger.set_time(NOW + RECOVERY_DELAY);
        let completion = complete_recovery(manufacturer.gln, owner);
        world.ledger.execute(&completion);
        let acceptance = accept_product_transfer(crony, manufacturer.gln, GTIN);
        for later in [0, 60] {
            world.ledger.set_time(NOW + RECOVERY_DELAY + later);
            world
                .ledger
                .refuse(&acceptance, RegistryError::ProductOfferOutlived);
        }
        let by_owner = Site {
            key: owner,
            ..manufacturer
        };
        let again = propose_product_transfer(by_owner, crony.gln, GTIN);
        for step in [again, acceptance] {
            world.ledger.execute(&step);
        }
    }
}

#[test]
fn what_a_squatter_offered_is_not_taken_over_once_its_gln_is_the_owners() {
    // Though it offered it in the second in which the owner gets the GLN and confirms that.
    let mut world = proposed();
    let World {
        authority,
        manufacturer,
        other_manufacturer: crony,
        issuer_key,
        ..
    } = world;
    let owner = world.ledger.key("owner");
    let issuer = IssuerSigner::from(issuer_key).issuer;
    let (name, maker) = (padded("Owner"), licence(Roles::MANUFACTURER));
    let moving = move_gln(authority, issuer, manufacturer.gln, owner, name, maker);
    let by_owner = Site {
        key: owner,
        ..manufacturer
    };
    for step in [moving, confirm_partner(issuer, by_owner)] {
        world.ledger.execute(&step);
    }
    let acceptance = accept_product_transfer(crony, manufacturer.gln, GTIN);
    for later in [0, 60] {
        world.ledger.set_time(NOW + later);
        world
            .ledger
            .refuse(&acceptance, RegistryError::ProductOfferOutlived);
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
