use custody::{CustodyError, Lot};
use pedigree_interface::{
    Site, TransferKind,
    instruction::{
        custody::handoff,
        recall::{Notice, RecallStrategy, RecallTerms, expand, open, reopen, terminate},
    },
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
    CheckLevel, Recall, RecallClass, RecallDepth, RecallError, RecallReason, RecallState, Scope,
};

use crate::{
    Disqualification, downstream, refuse_ineligible_manufacturers, refuse_ineligible_regulators,
    refuse_other_signers,
};

fn by(world: &World, site: Site) -> anchor_lang::solana_program::instruction::Instruction {
    let recall = world.recall_of(world.goods.lot, 0);
    open(world.payer, site, recall, recall_terms(), notice())
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
    recall.scopes = 1;
    if site.gln == world.regulator.gln {
        recall.classified_by = site.gln.number();
        recall.regulators_notice = 1;
    }
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
        let scope = Scope {
            recall: at,
            since: NOW,
            change: 1,
            number: 0,
            first: 8_000,
            quantity: 1_000,
            first_before: 0,
            quantity_before: 0,
            narrowings: 0,
            bump: address::bump(&[b"scope", at.as_ref(), &[0; 4]], &recall::ID),
            _padding: [0; 3],
            notify_by: NOW + 2 * 86_400,
            reclassified_notify_by: 0,
        };
        let scoped = Effect::creation(address::scope(&at, 0), &scope, world.payer);
        let instruction = by(&world, site);
        world
            .ledger
            .execute_with_effects(&instruction, &[mark, creation, scoped]);
    }
}

#[test]
fn a_lot_has_six_recalls_and_two_more_for_regulators() {
    let mut world = World::new();
    let (payer, maker, regulator) = (world.payer, world.manufacturer, world.regulator);
    let lot = world.goods.lot;
    let opening = |world: &World, site, number: u8| {
        let terms = RecallTerms {
            units: units(u32::from(number) * 100, 100),
            ..recall_terms()
        };
        open(payer, site, world.recall_of(lot, number), terms, notice())
    };
    for number in 0..8 {
        let by_maker = opening(&world, maker, number);
        if number < 6 {
            world.ledger.execute(&by_maker);
        } else {
            world.ledger.refuse(&by_maker, RecallError::TooManyRecalls);
            world.ledger.execute(&opening(&world, regulator, number));
        }
    }
    let Lot {
        recalls,
        recalled_first,
        ..
    } = world.ledger.read(lot);
    assert_eq!(recalls, 8);
    assert_eq!(recalled_first, [0, 100, 200, 300, 400, 500, 600, 700]);
    for site in [maker, regulator] {
        let ninth = opening(&world, site, 8);
        world.ledger.refuse(&ninth, RecallError::TooManyRecalls);
    }
}

#[test]
fn eight_terminated_recalls_of_a_unit_keep_nobody_from_recalling_the_lot() {
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
    let part = world.cut(wholesaler, goods, 100);
    for number in 0..8 {
        let site = if number < 6 { manufacturer } else { regulator };
        let terms = RecallTerms {
            units: units(0, 1),
            ..recall_terms()
        };
        let recall = world.recall_of(goods.lot, number);
        for step in [
            open(payer, site, recall, terms, notice()),
            terminate(regulator, recall.address(), None),
        ] {
            world.ledger.execute(&step);
        }
    }
    let sale = handoff(wholesaler, pharmacy, part, TransferKind::Sale, None);
    world.after([&sale]);
    for number in 0..8 {
        let mut world = world.clone();
        let recall = world.recall_of(goods.lot, number);
        let wider = expand(payer, regulator, recall, 1, units(0, UNITS), notice());
        world.ledger.refuse(&wider, RecallError::RecallTerminated);
        for step in [reopen(regulator, recall.address(), None), wider] {
            world.ledger.execute(&step);
        }
        world.ledger.refuse(&sale, CustodyError::Recalled);
    }
}

#[test]
fn several_lots_are_recalled_in_one_transaction() {
    let mut world = World::new();
    let (payer, maker) = (world.payer, world.manufacturer);
    let both = [world.goods.lot, world.other_goods.lot].map(|lot| {
        let recall = world.recall_of(lot, 0);
        open(payer, maker, recall, recall_terms(), notice())
    });
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
        let recall = world.recall_of(lot, 0);
        let opening = open(world.payer, world.manufacturer, recall, terms, notice());
        world.ledger.execute(&opening);
        let recall: Recall = world.ledger.read(address::recall(&lot, 0));
        assert_eq!(recall.notify_by, NOW + days * 86_400);
    }
}

#[test]
fn refuses_a_manufacturer_that_is_not_in_good_standing() {
    let world = World::new();
    let instruction = by(&world, world.manufacturer);
    refuse_ineligible_manufacturers(&world, &instruction);
    // A regulator recalls in its place.
    for disqualify in [World::suspend, World::revoke, World::lapse] as [Disqualification; 3] {
        let mut world = world.clone();
        let (maker, regulator) = (world.manufacturer, world.regulator);
        disqualify(&mut world, maker);
        let instruction = by(&world, regulator);
        world.ledger.execute(&instruction);
    }
}

#[test]
fn who_took_the_product_over_recalls_the_lots_that_were_made_before() {
    let mut world = World::new();
    let holder = world.other_manufacturer;
    let instruction = by(&world, holder);
    world.ledger.refuse(&instruction, RecallError::NotOverseer);
    world.hand_over_product(holder);
    let mut revoked = world.clone();
    revoked.revoke(holder);
    revoked
        .ledger
        .refuse(&instruction, RecallError::ManufacturerRevoked);
    world.ledger.execute(&instruction);
    let recall: Recall = world.ledger.read(address::recall(&world.goods.lot, 0));
    assert_eq!(recall.opened_by(), holder.gln);
    assert_eq!(recall.manufacturer(), world.manufacturer.gln);
    assert_eq!(recall.classified_by(), None);
}

#[test]
fn a_regulators_class_is_assigned_and_a_firms_is_a_proposal() {
    for (class, by_regulator, assigned) in [
        (RecallClass::I, true, true),
        (RecallClass::III, true, true),
        (RecallClass::Unclassified, true, false),
        (RecallClass::I, false, false),
        (RecallClass::Unclassified, false, false),
    ] {
        let mut world = World::new();
        let site = if by_regulator {
            world.regulator
        } else {
            world.manufacturer
        };
        let mut terms = recall_terms();
        terms.strategy.class = class;
        let recall = world.recall_of(world.goods.lot, 0);
        let opening = open(world.payer, site, recall, terms, notice());
        world.ledger.execute(&opening);
        let recall: Recall = world.ledger.read(recall.address());
        assert_eq!(recall.class, class);
        assert_eq!(recall.classified_by(), assigned.then_some(site.gln));
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
        let recall = world.recall_of(lot, 0);
        let instruction = open(payer, world.manufacturer, recall, terms, notice());
        world.ledger.refuse(&instruction, refusal);
    }
    let whole = open(
        world.payer,
        world.manufacturer,
        world.recall_of(world.goods.lot, 0),
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
        let (payer, recall) = (world.payer, world.recall_of(world.goods.lot, 0));
        let instruction = open(payer, world.manufacturer, recall, recall_terms(), notice);
        world
            .ledger
            .refuse(&instruction, RecallError::InvalidNotice);
    }
    let full = Notice {
        address: [b'a'; 96],
        ..notice()
    };
    let (payer, recall) = (world.payer, world.recall_of(world.goods.lot, 0));
    let instruction = open(payer, world.manufacturer, recall, recall_terms(), full);
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
        .refuse_stand_ins(&instruction, &[site.partner, world.product, lot]);
    let other = instruction
        .clone()
        .replacing(world.product, world.other_product);
    world.ledger.refuse(&other, RecallError::NotRecallsProduct);
    let recall = address::recall(&lot, 0);
    for created in [recall, address::scope(&recall, 0)] {
        world.ledger.refuse_misplaced(&instruction, created);
    }
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
