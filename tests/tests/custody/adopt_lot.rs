use anchor_lang::solana_program::instruction::Instruction;
use custody::{CustodyError, Lot, LotStatus};
use pedigree_domain::{Permissions, Roles};
use pedigree_interface::{
    LotSeries, TransferKind,
    instruction::{
        custody::{
            LotLabel, adopt_lot, handoff, mint_lot, open_lot_case, quarantine_lot, release_lot,
            resolve_lot_case,
        },
        registry::{accept_product_transfer, move_product, propose_product_transfer},
    },
};
use program_tests::{
    address,
    scenario::finding,
    world::{DOCUMENT, GTIN, World, lot_label},
};

use crate::{INELIGIBLE_SENDERS, refuse_other_signers};

/// A world in which the other manufacturer holds the product now.
fn passed_on() -> World {
    let world = World::new();
    let (maker, heir) = (world.manufacturer, world.other_manufacturer);
    world.after(&[
        propose_product_transfer(maker, heir.gln, GTIN),
        accept_product_transfer(heir, maker.gln, GTIN),
    ])
}

fn adoption(world: &World) -> Instruction {
    adopt_lot(world.other_manufacturer, world.product, world.goods.lot)
}

#[test]
fn who_holds_the_product_answers_for_its_old_lots() {
    let mut world = passed_on();
    let (heir, maker) = (world.other_manufacturer, world.manufacturer);
    let lot = world.goods.lot;
    let effect = world.ledger.effect(lot, |lot: &mut Lot| {
        lot.manufacturer = heir.gln.number();
        // Who minted it stays on record.
        assert_eq!(lot.minted_by, maker.gln.number());
    });
    let instruction = adoption(&world);
    world.ledger.execute_with_effects(&instruction, &[effect]);
}

#[test]
fn who_got_the_product_from_the_authority_adopts_old_lots_whose_numbers_it_uses_again() {
    let mut world = World::new();
    let World {
        payer,
        authority,
        other_manufacturer: heir,
        product,
        goods,
        ..
    } = world;
    let old: Lot = world.ledger.read(goods.lot);
    let label = LotLabel {
        lot_number: old.lot_number(),
        ..lot_label("any")
    };
    let series = LotSeries { product, number: 1 };
    for step in [
        move_product(authority, heir.gln, GTIN),
        mint_lot(payer, heir, series, &label),
        adoption(&world),
    ] {
        world.ledger.execute(&step);
    }
    let own = address::lot_in_series(&product, 1, old.lot_number());
    for lot in [goods.lot, own] {
        let lot: Lot = world.ledger.read(lot);
        assert_eq!(lot.manufacturer(), heir.gln);
    }
}

#[test]
fn it_oversees_the_lot_and_takes_it_back_and_the_maker_before_does_not() {
    let mut world = passed_on();
    let World {
        payer,
        manufacturer,
        other_manufacturer,
        wholesaler,
        goods,
        ..
    } = world;
    world.hand_over(manufacturer, wholesaler, goods, TransferKind::Sale);
    let suspect = finding(custody::ExceptionCode::None);
    let as_maker = |site| {
        [
            quarantine_lot(site, goods.lot),
            open_lot_case(payer, site, goods.lot, 0, suspect),
        ]
    };
    for instruction in as_maker(other_manufacturer) {
        world.ledger.refuse(&instruction, CustodyError::NotOverseer);
    }
    let now = world.now(goods);
    let back = handoff(
        wholesaler,
        other_manufacturer,
        now,
        TransferKind::Return,
        Some(DOCUMENT),
    );
    world.ledger.refuse(&back, CustodyError::NotReturnsSupplier);
    let instruction = adoption(&world);
    world.ledger.execute(&instruction);
    world.after(&[back]);
    for instruction in as_maker(other_manufacturer) {
        world.after(&[instruction]);
    }
    for instruction in as_maker(manufacturer) {
        world.ledger.refuse(&instruction, CustodyError::NotOverseer);
    }
}

#[test]
fn it_releases_what_the_maker_before_stopped_and_not_what_a_regulator_did() {
    for (by_regulator, refusal) in [
        (false, None),
        (true, Some(CustodyError::ReleasedByRegulator)),
    ] {
        let mut world = World::new();
        let World {
            manufacturer,
            other_manufacturer,
            regulator,
            goods,
            ..
        } = world;
        let stopper = if by_regulator {
            regulator
        } else {
            manufacturer
        };
        for instruction in [
            quarantine_lot(stopper, goods.lot),
            propose_product_transfer(manufacturer, other_manufacturer.gln, GTIN),
            accept_product_transfer(other_manufacturer, manufacturer.gln, GTIN),
            adopt_lot(other_manufacturer, world.product, goods.lot),
        ] {
            world.ledger.execute(&instruction);
        }
        let lot: Lot = world.ledger.read(goods.lot);
        assert_eq!(lot.status, LotStatus::Quarantined);
        let releasing = release_lot(other_manufacturer, goods.lot);
        crate::expect(&mut world.ledger, &releasing, refusal);
    }
}

#[test]
fn cases_that_the_maker_before_left_open_are_ended_by_regulators() {
    let mut world = World::new();
    let World {
        payer,
        manufacturer,
        other_manufacturer: heir,
        wholesaler,
        regulator,
        product,
        goods,
        ..
    } = world;
    world.hand_over(manufacturer, wholesaler, goods, TransferKind::Sale);
    let suspect = finding(custody::ExceptionCode::None);
    let open = |site, number| open_lot_case(payer, site, goods.lot, number, suspect);
    for number in 0..16 {
        world.ledger.execute(&open(manufacturer, number));
    }
    for step in [
        propose_product_transfer(manufacturer, heir.gln, GTIN),
        accept_product_transfer(heir, manufacturer.gln, GTIN),
        adopt_lot(heir, product, goods.lot),
    ] {
        world.ledger.execute(&step);
    }
    world.revoke(manufacturer);
    // The heir has no place, and no say about them; a regulator has both.
    let own = open(heir, 16);
    world.ledger.refuse(&own, CustodyError::TooManyCases);
    world.after(&[open(regulator, 16)]);
    let end = |site, number| {
        let case = address::case(&goods.lot, number);
        resolve_lot_case(site, case, goods.lot, false, None)
    };
    world
        .ledger
        .refuse(&end(heir, 0), CustodyError::NotInvestigator);
    let document = Some(DOCUMENT);
    let home = handoff(
        wholesaler,
        heir,
        world.now(goods),
        TransferKind::Return,
        document,
    );
    for number in 0..16 {
        world.ledger.refuse(&home, CustodyError::LotUnderCase);
        world.ledger.execute(&end(regulator, number));
    }
    world.after(&[own]);
    world.ledger.execute(&home);
}

#[test]
fn the_maker_before_may_be_gone_and_the_heir_may_not() {
    for (disqualify, refusal) in INELIGIBLE_SENDERS {
        let mut world = passed_on();
        let (maker, heir) = (world.manufacturer, world.other_manufacturer);
        disqualify(&mut world, maker);
        let instruction = adoption(&world);
        world.after([&instruction]);
        disqualify(&mut world, heir);
        world.ledger.refuse(&instruction, refusal);
    }
    let mut world = passed_on();
    let heir = world.other_manufacturer;
    world.license(
        heir,
        Roles::all().difference(Roles::MANUFACTURER | Roles::REPACKAGER),
    );
    let instruction = adoption(&world);
    world.ledger.refuse(&instruction, CustodyError::SenderRole);
}

#[test]
fn nobody_else_adopts_a_lot() {
    let world = World::new();
    let World {
        manufacturer,
        other_manufacturer,
        wholesaler,
        regulator,
        product,
        other_product,
        goods,
        ..
    } = world;
    let mut world = world;
    for site in [other_manufacturer, wholesaler, regulator] {
        let instruction = adopt_lot(site, product, goods.lot);
        world
            .ledger
            .refuse(&instruction, CustodyError::NotProductsManufacturer);
    }
    let own = adopt_lot(manufacturer, product, goods.lot);
    world.ledger.refuse(&own, CustodyError::LotAdopted);
    // Its own product does not give a manufacturer another's lots.
    let with_own_product = adopt_lot(other_manufacturer, other_product, goods.lot);
    world
        .ledger
        .refuse(&with_own_product, CustodyError::NotLotsProduct);
    let mut world = passed_on();
    let instruction = adoption(&world);
    refuse_other_signers(&mut world.ledger, &instruction, &[other_manufacturer]);
    world.ledger.execute(&instruction);
    world.ledger.refuse(&instruction, CustodyError::LotAdopted);
}

#[test]
fn an_operator_signs_with_the_permission() {
    let mut world = passed_on();
    let heir = world.other_manufacturer;
    let planner = world.appoint(heir, "planner", Permissions::COMMISSION);
    let instruction = adoption(&world);
    let place = instruction.accounts.len();
    world.ledger.execute(&planner.sign(instruction, place));
}

#[test]
fn refuses_wrong_accounts() {
    let mut world = passed_on();
    let accounts = [
        world.other_manufacturer.partner,
        world.product,
        world.goods.lot,
    ];
    let instruction = adoption(&world);
    world.ledger.refuse_stand_ins(&instruction, &accounts);
}
