use custody::Lot;
use pedigree_interface::{
    Site,
    instruction::recall::{Notice, RecallStrategy, RecallTerms, open},
};
use program_tests::{
    address,
    alter::Alter,
    effect::Effect,
    ledger::NOW,
    recalled::{notice, recall_terms, units},
    world::{GTIN, UNITS, World},
};
use recall::{
    CheckLevel, Recall, RecallClass, RecallDepth, RecallError, RecallReason, RecallState,
};

use crate::{Disqualification, downstream, refuse_ineligible_regulators, refuse_other_signers};

fn by(world: &World, site: Site) -> anchor_lang::solana_program::instruction::Instruction {
    let lot = world.goods.lot;
    open(world.payer, site, lot, 0, recall_terms(), notice())
}

/// What the program leaves after `recall_terms()`.
fn opened(world: &World, site: Site) -> Recall {
    let mut recall: Recall = bytemuck::Zeroable::zeroed();
    let lot = world.goods.lot;
    recall.lot = lot;
    recall.gtin = GTIN.number();
    recall.manufacturer = world.manufacturer.gln.number();
    recall.opened_by = site.gln.number();
    recall.opened_at = NOW;
    recall.changed_at = NOW;
    recall.notify_by = NOW + 2 * 86_400;
    (recall.first, recall.quantity) = (8_000, 1_000);
    (recall.core_first, recall.core_quantity) = (8_000, 1_000);
    recall.widest = 1_000;
    recall.class = RecallClass::II;
    recall.depth = RecallDepth::Retail;
    recall.state = RecallState::Open;
    recall.reason = RecallReason::Contamination;
    recall.check_level = CheckLevel::C;
    recall.check_percent = 10;
    recall.bump = address::bump(&[b"recall", lot.as_ref(), &[0]], &recall::ID);
    recall.notice_hash = notice().hash;
    recall.notice_address = notice().address;
    recall
}

#[test]
fn records_the_recall_and_marks_the_lot() {
    for site in [World::new().manufacturer, World::new().regulator] {
        let mut world = World::new();
        let lot = world.goods.lot;
        let mark = world.ledger.effect(lot, |lot: &mut Lot| {
            lot.recalls = 1;
            lot.recall_changes = 1;
            lot.recalled_first[0] = 8_000;
            lot.recalled_quantity[0] = 1_000;
        });
        let at = address::recall(&lot, 0);
        let creation = Effect::creation(at, &opened(&world, site), world.payer);
        let instruction = by(&world, site);
        world
            .ledger
            .execute_with_effects(&instruction, &[mark, creation]);
    }
}

#[test]
fn a_lot_has_eight_recalls_at_once() {
    let mut world = World::new();
    let (payer, maker, lot) = (world.payer, world.manufacturer, world.goods.lot);
    for number in 0..8 {
        let terms = RecallTerms {
            units: units(u32::from(number) * 100, 100),
            ..recall_terms()
        };
        world
            .ledger
            .execute(&open(payer, maker, lot, number, terms, notice()));
    }
    let Lot {
        recalls,
        recalled_first,
        ..
    } = world.ledger.read(lot);
    assert_eq!(recalls, 8);
    assert_eq!(recalled_first, [0, 100, 200, 300, 400, 500, 600, 700]);
    let ninth = open(payer, maker, lot, 8, recall_terms(), notice());
    world.ledger.refuse(&ninth, RecallError::TooManyRecalls);
}

#[test]
fn several_lots_are_recalled_in_one_transaction() {
    let mut world = World::new();
    let (payer, maker) = (world.payer, world.manufacturer);
    let both = [world.goods.lot, world.other_goods.lot]
        .map(|lot| open(payer, maker, lot, 0, recall_terms(), notice()));
    world.ledger.attempt_all(&both).expect("both are recalled");
}

#[test]
fn the_deadline_follows_the_class() {
    for (class, days) in [
        (RecallClass::Unclassified, 1),
        (RecallClass::I, 1),
        (RecallClass::II, 2),
        (RecallClass::III, 5),
    ] {
        let mut world = World::new();
        let lot = world.goods.lot;
        let mut terms = recall_terms();
        terms.strategy.class = class;
        let opening = open(world.payer, world.manufacturer, lot, 0, terms, notice());
        world.ledger.execute(&opening);
        let recall: Recall = world.ledger.read(address::recall(&lot, 0));
        assert_eq!(recall.notify_by, NOW + days * 86_400);
    }
}

#[test]
fn the_manufacturer_needs_no_licence_to_call_back_what_it_made() {
    for disqualify in [World::suspend, World::revoke, World::lapse] as [Disqualification; 3] {
        let mut world = World::new();
        let maker = world.manufacturer;
        disqualify(&mut world, maker);
        let instruction = by(&world, maker);
        world.ledger.execute(&instruction);
    }
}

#[test]
fn refuses_anybody_but_the_manufacturer_and_a_regulator() {
    let mut world = World::new();
    for site in downstream(&world) {
        let instruction = by(&world, site);
        world.ledger.refuse(&instruction, RecallError::NotOverseer);
    }
    let regulator = world.regulator;
    let instruction = by(&world, regulator);
    refuse_ineligible_regulators(&world, &instruction, RecallError::NotOverseer);
    for site in [world.manufacturer, regulator] {
        let instruction = by(&world, site);
        refuse_other_signers(&mut world.ledger, &instruction, site);
    }
}

#[test]
fn refuses_terms_that_mean_nothing() {
    let strategy = |change: fn(&mut RecallStrategy)| {
        let mut terms = recall_terms();
        change(&mut terms.strategy);
        terms
    };
    let of = |first, quantity| RecallTerms {
        units: units(first, quantity),
        ..recall_terms()
    };
    let mut unknown = recall_terms();
    unknown.reason = RecallReason::from_code(16);
    let mut world = World::new();
    for (terms, refusal) in [
        (of(0, 0), RecallError::NoUnits),
        (of(0, UNITS + 1), RecallError::RangeOutsideLot),
        (of(UNITS, 1), RecallError::RangeOutsideLot),
        (of(u32::MAX, u32::MAX), RecallError::RangeOutsideLot),
        (
            strategy(|it| it.class = RecallClass::from_code(4)),
            RecallError::InvalidClass,
        ),
        (
            strategy(|it| it.depth = RecallDepth::from_code(3)),
            RecallError::InvalidDepth,
        ),
        (
            strategy(|it| it.check_level = CheckLevel::from_code(5)),
            RecallError::InvalidCheckLevel,
        ),
        (
            strategy(|it| it.check_level = CheckLevel::B),
            RecallError::InvalidCheckLevel,
        ),
        (
            strategy(|it| it.check_percent = 10),
            RecallError::InvalidCheckLevel,
        ),
        (unknown, RecallError::InvalidReason),
    ] {
        let (payer, lot) = (world.payer, world.goods.lot);
        let instruction = open(payer, world.manufacturer, lot, 0, terms, notice());
        world.ledger.refuse(&instruction, refusal);
    }
    let whole = open(
        world.payer,
        world.manufacturer,
        world.goods.lot,
        0,
        of(0, UNITS),
        notice(),
    );
    world.ledger.execute(&whole);
}

#[test]
fn refuses_a_notice_that_nobody_can_read() {
    let mut world = World::new();
    let address = notice().address;
    let altered = |place: usize, byte: u8| {
        let mut address = address;
        address[place] = byte;
        Notice {
            address,
            ..notice()
        }
    };
    for notice in [
        Notice {
            hash: [0; 32],
            ..notice()
        },
        Notice {
            address: [0; 96],
            ..notice()
        },
        altered(0, 0),
        altered(4, b' '),
        altered(4, b'\n'),
        altered(4, 0xC3),
        altered(95, b'x'),
    ] {
        let (payer, lot) = (world.payer, world.goods.lot);
        let instruction = open(payer, world.manufacturer, lot, 0, recall_terms(), notice);
        world
            .ledger
            .refuse(&instruction, RecallError::InvalidNotice);
    }
    let full = Notice {
        address: [b'a'; 96],
        ..notice()
    };
    let (payer, lot) = (world.payer, world.goods.lot);
    let instruction = open(payer, world.manufacturer, lot, 0, recall_terms(), full);
    world.ledger.execute(&instruction);
}

#[test]
fn refuses_wrong_accounts() {
    let mut world = World::new();
    let site = world.manufacturer;
    let lot = world.goods.lot;
    let instruction = by(&world, site);
    world
        .ledger
        .refuse_stand_ins(&instruction, &[site.partner, lot]);
    let recall = address::recall(&lot, 0);
    world.ledger.refuse_misplaced(&instruction, recall);
}

#[test]
fn refuses_another_signer_for_custody_and_another_custody() {
    use anchor_lang::ErrorCode;
    let mut world = World::new();
    let instruction = by(&world, world.manufacturer);
    for genuine in [address::recall_authority(), custody::ID] {
        for stand_in in [world.payer, registry::ID] {
            let other = instruction.clone().replacing(genuine, stand_in);
            world.ledger.refuse(&other, ErrorCode::ConstraintAddress);
        }
    }
}
