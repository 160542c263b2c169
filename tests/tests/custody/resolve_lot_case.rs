use anchor_lang::solana_program::instruction::Instruction;
use custody::{CustodyError, ExceptionCode, Lot, LotStatus};
use pedigree_interface::{
    Site, TransferKind,
    instruction::custody::{
        adopt_lot, determine_case, handoff, open_case, open_lot_case, quarantine_lot, release_lot,
        resolve_lot_case,
    },
};
use program_tests::{
    address,
    alter::Alter,
    scenario::finding,
    world::{DOCUMENT, World},
};

use crate::{
    State,
    open_lot_case::opened,
    refuse_states,
    resolution::{self, RESOLVED},
};

/// A site resolves the lot's first case.
fn resolve(world: &World, site: Site, condemned: bool) -> Instruction {
    resolve_lot_case(
        site,
        address::case(&world.goods.lot, 0),
        world.goods.lot,
        condemned,
        Some(RESOLVED),
    )
}

#[test]
fn lets_the_lot_move_again_or_keeps_it_quarantined() {
    resolution::resolves_the_case(opened, resolve, |world, condemned| {
        world.ledger.effect(world.goods.lot, |lot: &mut Lot| {
            (lot.open_cases, lot.own_cases) = (0, 0);
            if condemned {
                lot.status = LotStatus::Condemned;
                lot.quarantined_by = world.regulator.gln.number();
            }
        })
    });
}

#[test]
fn a_cleared_lot_that_was_quarantined_stays_so() {
    let (mut world, _) = opened();
    let World {
        manufacturer,
        regulator,
        goods,
        ..
    } = world;
    for instruction in [
        quarantine_lot(regulator, goods.lot),
        resolve(&world, manufacturer, false),
    ] {
        world.ledger.execute(&instruction);
    }
    let lot: Lot = world.ledger.read(goods.lot);
    assert_eq!(lot.status, LotStatus::Quarantined);
    assert_eq!(lot.quarantined_by, regulator.gln.number());
}

#[test]
fn a_condemned_lot_goes_back_and_not_on() {
    let mut world = World::new();
    let World {
        payer,
        manufacturer,
        wholesaler,
        pharmacy,
        regulator,
        goods,
        ..
    } = world;
    world.hand_over(manufacturer, wholesaler, goods, TransferKind::Sale);
    let suspect = finding(ExceptionCode::None);
    let (sale, back) = (TransferKind::Sale, TransferKind::Return);
    for instruction in [
        open_lot_case(payer, regulator, goods.lot, 0, suspect),
        determine_case(regulator, address::case(&goods.lot, 0), None),
        resolve(&world, regulator, true),
    ] {
        world.ledger.execute(&instruction);
    }
    let on = handoff(wholesaler, pharmacy, goods.at(1), sale, Some(DOCUMENT));
    world.ledger.refuse(&on, CustodyError::LotQuarantined);
    let home = handoff(wholesaler, manufacturer, goods.at(1), back, Some(DOCUMENT));
    world.ledger.execute(&home);
}

#[test]
fn a_manufacturer_does_not_undo_a_regulators_quarantine_by_condemning_the_lot() {
    let (mut world, case) = opened();
    let World {
        manufacturer,
        regulator,
        goods,
        ..
    } = world;
    for instruction in [
        quarantine_lot(regulator, goods.lot),
        determine_case(manufacturer, case, None),
        resolve(&world, manufacturer, true),
    ] {
        world.ledger.execute(&instruction);
    }
    let release = release_lot(manufacturer, goods.lot);
    world
        .ledger
        .refuse(&release, CustodyError::ReleasedByRegulator);
}

#[test]
fn a_manufacturer_does_not_clear_an_illegitimate_lot_by_condemning_and_releasing_it() {
    let (mut world, case) = opened();
    let World {
        manufacturer,
        regulator,
        goods,
        ..
    } = world;
    for instruction in [
        determine_case(regulator, case, Some(DOCUMENT)),
        resolve(&world, manufacturer, true),
    ] {
        world.ledger.execute(&instruction);
    }
    let release = release_lot(manufacturer, goods.lot);
    world
        .ledger
        .refuse(&release, CustodyError::ReleasedByRegulator);
}

#[test]
fn nothing_is_condemned_without_a_determination() {
    resolution::nothing_is_condemned_without_a_determination(opened, resolve);
}

#[test]
fn an_opener_without_standing_decides_nothing() {
    resolution::an_opener_without_standing_decides_nothing(opened, resolve);
}

#[test]
fn every_case_has_to_be_resolved() {
    let (mut world, _) = opened();
    let World {
        payer,
        manufacturer,
        wholesaler,
        regulator,
        goods,
        ..
    } = world;
    let suspect = finding(ExceptionCode::None);
    let lot = goods.lot;
    let sale = TransferKind::Sale;
    let transfer = handoff(manufacturer, wholesaler, goods, sale, Some(DOCUMENT));
    for instruction in [
        open_lot_case(payer, regulator, lot, 1, suspect),
        resolve_lot_case(
            regulator,
            address::case(&lot, 1),
            lot,
            false,
            Some(RESOLVED),
        ),
        resolve(&world, manufacturer, false),
    ] {
        world.ledger.refuse(&transfer, CustodyError::LotUnderCase);
        world.ledger.execute(&instruction);
    }
    world.ledger.execute(&transfer);
}

#[test]
fn refuses_to_clear_what_was_found_illegitimate_but_to_a_regulator() {
    resolution::only_a_regulator_clears_what_is_illegitimate(opened, resolve);
}

#[test]
fn refuses_a_second_time() {
    resolution::refuses_a_second_time(opened, resolve);
}

#[test]
fn refuses_a_lot_that_counts_no_case() {
    const NONE: [(State<Lot>, CustodyError); 2] = [
        (|lot| lot.open_cases = 0, CustodyError::CaseResolved),
        (|lot| lot.own_cases = 0, CustodyError::CaseResolved),
    ];
    let (world, _) = opened();
    let instruction = resolve(&world, world.manufacturer, false);
    refuse_states(&world.ledger, &instruction, world.goods.lot, NONE);
}

#[test]
fn refuses_anybody_but_the_opener_and_a_regulator() {
    resolution::refuses_anybody_but_the_opener_and_a_regulator(opened, resolve);
}

#[test]
fn refuses_what_the_case_is_not_about() {
    let (mut world, case) = opened();
    let World {
        payer,
        manufacturer,
        regulator,
        goods,
        other_goods,
        ..
    } = world;
    let suspect = finding(ExceptionCode::None);
    let holder = manufacturer.gln;
    for opening in [
        open_lot_case(payer, regulator, other_goods.lot, 0, suspect),
        open_case(payer, regulator, holder, goods, 0, suspect),
    ] {
        world.ledger.execute(&opening);
    }
    let instruction = resolve(&world, regulator, false);
    for mixed in [
        instruction.clone().replacing(goods.lot, other_goods.lot),
        instruction
            .clone()
            .replacing(case, address::case(&other_goods.lot, 0)),
        instruction.replacing(case, address::case(&goods.consignment, 0)),
    ] {
        world.ledger.refuse(&mixed, CustodyError::NotCasesSubject);
    }
}

#[test]
fn refuses_wrong_accounts() {
    let (mut world, case) = opened();
    let instruction = resolve(&world, world.regulator, false);
    let accounts = [world.regulator.partner, case, world.goods.lot];
    world.ledger.refuse_stand_ins(&instruction, &accounts);
}

#[test]
fn a_maker_whose_lot_was_adopted_condemns_it_by_no_case_that_it_opened_before() {
    let (mut world, case) = opened();
    let World {
        manufacturer,
        other_manufacturer: heir,
        regulator,
        product,
        goods,
        ..
    } = world;
    world.hand_over_product(heir);
    let condemned = resolve(&world, manufacturer, true);
    for instruction in [
        adopt_lot(heir, product, goods.lot),
        determine_case(manufacturer, case, None),
    ] {
        world.ledger.execute(&instruction);
    }
    world.ledger.refuse(&condemned, CustodyError::NotOverseer);
    world.after(&[resolve(&world, regulator, true)]);
}
