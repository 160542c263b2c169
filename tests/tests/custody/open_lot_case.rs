use anchor_lang::{Address, ErrorCode, solana_program::instruction::Instruction};
use custody::{Case, CaseState, CustodyError, ExceptionCode, Lot, LotStatus, Party};
use pedigree_interface::{
    Site, TransferKind,
    instruction::custody::{
        Finding, export, handoff, open_lot_case, resolve_lot_case, transfer_title,
    },
};
use program_tests::{
    address,
    alter::Alter,
    effect::Effect,
    ledger::NOW,
    scenario::{FINDING, finding},
    world::{DOCUMENT, UNITS, World},
};

use crate::{
    ALREADY_IN_USE, INELIGIBLE_OVERSEERS, KINDS, OUT_OF_STANDING, ready, recall,
    refuse_other_signers,
};

const DAY: i64 = 86_400;

/// A site opens a case on the lot.
fn open(world: &World, site: Site, number: u32) -> Instruction {
    let World { payer, goods, .. } = *world;
    let suspect = finding(ExceptionCode::None);
    open_lot_case(payer, site, goods.lot, number, suspect)
}

/// A world in which the manufacturer has opened a case on its lot, and the case's address.
pub(crate) fn opened() -> (World, Address) {
    let mut world = World::new();
    let opening = open(&world, world.manufacturer, 0);
    world.ledger.execute(&opening);
    let case = address::case(&world.goods.lot, 0);
    (world, case)
}

#[test]
fn freezes_the_lot_and_says_why() {
    for &exception in ExceptionCode::ALL {
        let mut world = World::new();
        let World {
            payer,
            regulator,
            goods,
            ..
        } = world;
        let lot = goods.lot;
        let finding = finding(exception);
        let case = Case {
            subject: lot,
            lot,
            transfer: Address::default(),
            document_hash: FINDING,
            payer,
            opened_by: regulator.gln.number(),
            resolved_by: 0,
            opened_at: NOW,
            answer_by: NOW + DAY,
            determined_at: 0,
            notify_by: 0,
            notified_at: 0,
            resolved_at: 0,
            number: 0,
            units: finding.units,
            state: CaseState::Open,
            exception,
            bump: address::bump(&[b"case", lot.as_ref(), &[0; 4]], &custody::ID),
            party: Party::Regulator,
            _padding: [0; 4],
            determination_hash: [0; 32],
            notification_hash: [0; 32],
        };
        let effects = [
            world.ledger.effect(lot, |lot: &mut Lot| {
                lot.cases = 1;
                lot.open_cases = 1;
            }),
            Effect::creation(address::case(&lot, 0), &case, payer),
        ];
        let instruction = open_lot_case(payer, regulator, lot, 0, finding);
        world.ledger.execute_with_effects(&instruction, &effects);
    }
}

#[test]
fn all_of_it_stays_where_it_is() {
    for kind in KINDS {
        let (mut world, from, to) = ready(kind);
        let goods = world.goods;
        let opening = open(&world, world.regulator, 0);
        world.ledger.execute(&opening);
        let instruction = handoff(from, to, goods, kind, Some(DOCUMENT));
        world
            .ledger
            .refuse(&instruction, CustodyError::LotUnderCase);
    }
    let (mut world, _) = opened();
    let (from, to, goods) = (world.manufacturer, world.wholesaler, world.goods);
    for instruction in [
        transfer_title(from, to, goods, Some(DOCUMENT)),
        export(from, goods, Some(DOCUMENT)),
    ] {
        world
            .ledger
            .refuse(&instruction, CustodyError::LotUnderCase);
    }
    let other = world.other_goods;
    let sale = TransferKind::Sale;
    world
        .ledger
        .execute(&handoff(from, to, other.at(0), sale, Some(DOCUMENT)));
}

#[test]
fn gives_the_manufacturer_one_business_day_within_48_hours_to_answer() {
    // `NOW` is a Sunday.
    for (opened_on, answer_on) in [(0, 1), (1, 2), (4, 5), (5, 7), (6, 8)] {
        let mut world = World::new();
        world.ledger.set_time(NOW + opened_on * DAY);
        let opening = open(&world, world.regulator, 0);
        world.ledger.execute(&opening);
        let case: Case = world.ledger.read(address::case(&world.goods.lot, 0));
        assert_eq!(case.answer_by, NOW + answer_on * DAY);
    }
}

#[test]
fn several_cases_may_be_open_at_once_on_a_lot_in_any_state() {
    let (mut world, _) = opened();
    world.ledger.edit(world.goods.lot, |lot: &mut Lot| {
        lot.status = LotStatus::Quarantined;
        recall(lot, 0, UNITS);
    });
    for (number, site) in [(1, world.regulator), (2, world.manufacturer)] {
        let opening = open(&world, site, number);
        world.ledger.execute(&opening);
    }
}

#[test]
fn works_on_a_prefunded_address() {
    let mut world = World::new();
    let instruction = open(&world, world.manufacturer, 0);
    let case = address::case(&world.goods.lot, 0);
    world.ledger.execute_prefunded(&instruction, &[case]);
}

#[test]
fn refuses_unknown_exceptions() {
    let mut world = World::new();
    for exception in [9, 255] {
        let unknown = Finding {
            exception: ExceptionCode::from_code(exception),
            ..finding(ExceptionCode::None)
        };
        let lot = world.goods.lot;
        let instruction = open_lot_case(world.payer, world.regulator, lot, 0, unknown);
        world
            .ledger
            .refuse(&instruction, CustodyError::InvalidException);
    }
}

#[test]
fn refuses_more_cases_than_can_be_counted() {
    let mut world = World::new();
    let (lot, instruction) = (world.goods.lot, open(&world, world.regulator, 0));
    let mut full = world.ledger.clone();
    full.edit(lot, |lot: &mut Lot| lot.open_cases = u8::MAX);
    full.refuse(&instruction, CustodyError::TooManyCases);
    world.ledger.edit(lot, |lot: &mut Lot| lot.cases = u32::MAX);
    let last = open(&world, world.regulator, u32::MAX);
    world.ledger.refuse(&last, CustodyError::TooManyCases);
}

#[test]
fn a_manufacturer_does_not_take_the_places_of_regulators() {
    let mut world = World::new();
    world.ledger.trust_signatures();
    let World {
        manufacturer,
        regulator,
        goods,
        ..
    } = world;
    for number in 0..16 {
        let opening = open(&world, manufacturer, number);
        world.ledger.execute(&opening);
    }
    let one_more = open(&world, manufacturer, 16);
    world.ledger.refuse(&one_more, CustodyError::TooManyCases);
    for number in 16..255 {
        let opening = open(&world, regulator, number);
        world.ledger.execute(&opening);
    }
    let lot: Lot = world.ledger.read(goods.lot);
    assert_eq!((lot.open_cases, lot.own_cases), (255, 16));
    let first = address::case(&goods.lot, 0);
    let clearance = resolve_lot_case(regulator, first, goods.lot, false, Some(DOCUMENT));
    world.ledger.execute(&clearance);
    let again = open(&world, manufacturer, 255);
    world.ledger.execute(&again);
}

#[test]
fn a_manufacturer_without_standing_does_not_freeze_its_lot() {
    for (disqualify, refusal) in OUT_OF_STANDING {
        let mut world = World::new();
        let manufacturer = world.manufacturer;
        disqualify(&mut world, manufacturer);
        let opening = open(&world, manufacturer, 0);
        world.ledger.refuse(&opening, refusal);
    }
}

#[test]
fn refuses_a_case_that_is_there() {
    let (mut world, _) = opened();
    let again = open(&world, world.manufacturer, 0);
    world.ledger.refuse(&again, ErrorCode::ConstraintSeeds);
    world
        .ledger
        .edit(world.goods.lot, |lot: &mut Lot| lot.cases = 0);
    world.ledger.refuse(&again, ALREADY_IN_USE);
}

#[test]
fn refuses_anybody_but_the_manufacturer_and_a_regulator() {
    let mut world = World::new();
    let World {
        payer,
        manufacturer,
        other_manufacturer,
        wholesaler,
        other_pharmacy,
        regulator,
        goods,
        ..
    } = world;
    // Not even who has and owns all of it.
    world.hand_over(manufacturer, wholesaler, goods, TransferKind::Sale);
    for site in [other_manufacturer, wholesaler, other_pharmacy] {
        let instruction = open(&world, site, 0);
        world.ledger.refuse(&instruction, CustodyError::NotOverseer);
    }
    for (disqualify, refusal) in INELIGIBLE_OVERSEERS {
        let mut world = world.clone();
        disqualify(&mut world, regulator);
        let instruction = open(&world, regulator, 0);
        world.ledger.refuse(&instruction, refusal);
    }
    for site in [manufacturer, regulator] {
        let instruction = open(&world, site, 0);
        refuse_other_signers(&mut world.ledger, &instruction, &[site]);
        world.ledger.refuse_unsigned(&instruction, &[payer]);
    }
}

#[test]
fn refuses_wrong_accounts() {
    let mut world = World::new();
    let World {
        regulator,
        goods,
        other_goods,
        ..
    } = world;
    let instruction = open(&world, regulator, 0);
    world
        .ledger
        .refuse_stand_ins(&instruction, &[regulator.partner, goods.lot]);
    let case = address::case(&goods.lot, 0);
    world.ledger.refuse_misplaced(&instruction, case);
    for misplaced in [
        address::case(&goods.lot, 1),
        address::case(&other_goods.lot, 0),
        address::case(&goods.consignment, 0),
    ] {
        let instruction = instruction.clone().replacing(case, misplaced);
        world
            .ledger
            .refuse(&instruction, ErrorCode::ConstraintSeeds);
    }
}
