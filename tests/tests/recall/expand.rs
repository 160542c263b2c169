use anchor_lang::solana_program::instruction::Instruction;
use custody::Lot;
use pedigree_interface::{
    Site,
    instruction::{
        custody::adopt_lot,
        recall::{Notice, RecallTerms, expand, narrow, open},
    },
    units::UnitRange,
};
use program_tests::{
    address,
    alter::Alter,
    effect::Effect,
    layout::padded,
    ledger::NOW,
    recalled::{RecalledWorld, notice, recall_terms, units},
    world::{DOCUMENT, UNITS, World},
};
use recall::{Recall, RecallError, RecallState, Scope};

use crate::{
    downstream, refuse_ineligible_manufacturers, refuse_ineligible_regulators, refuse_other_signers,
};

/// Has a site expand the recall of the world's lot to these units.
fn by(world: &World, site: Site, units: UnitRange, notice: Notice) -> Instruction {
    let recall: Recall = world.ledger.read(address::recall(&world.goods.lot, 0));
    expand(world.payer, site, &recall, recall.scopes, units, notice)
}

#[test]
fn adds_units_on_either_side() {
    for range in [units(7_000, 2_000), units(8_000, 2_000), units(0, UNITS)] {
        let RecalledWorld {
            mut world, recall, ..
        } = RecalledWorld::new();
        let lot = world.goods.lot;
        let newer = Notice {
            hash: [9; 32],
            ..notice()
        };
        world.ledger.set_time(NOW + 100);
        let scope = Scope {
            recall,
            since: NOW + 100,
            change: 2,
            number: 1,
            first: range.first,
            quantity: range.quantity,
            first_before: 8_000,
            quantity_before: 1_000,
            narrowings: 0,
            bump: address::bump(&[b"scope", recall.as_ref(), &[1, 0, 0, 0]], &recall::ID),
            _padding: [0; 3],
            notify_by: NOW + 100 + 2 * 86_400,
            reclassified_notify_by: 0,
        };
        let at = address::scope(&recall, 1);
        let changes = [
            world.ledger.effect(recall, |recall: &mut Recall| {
                (recall.first, recall.quantity) = (range.first, range.quantity);
                recall.scopes = 2;
                recall.state = RecallState::Expanded;
                recall.changed_at = NOW + 100;
                recall.expanded_at = NOW + 100;
                recall.notice_hash = newer.hash;
            }),
            world.ledger.effect(lot, |lot: &mut Lot| {
                lot.recall_changes = 2;
                lot.recalled_first[0] = range.first;
                lot.recalled_quantity[0] = range.quantity;
            }),
            Effect::creation(at, &scope, world.payer),
        ];
        let instruction = by(&world, world.regulator, range, newer);
        world.clone().ledger.execute_prefunded(&instruction, &[at]);
        world.ledger.execute_with_effects(&instruction, &changes);
    }
}

/// A notice that differs from the recall's.
fn others() -> [Notice; 2] {
    let newer = Notice {
        hash: [9; 32],
        ..notice()
    };
    let elsewhere = Notice {
        address: padded("https://all-is-well.example"),
        ..notice()
    };
    [newer, elsewhere]
}

#[test]
fn the_manufacturer_does_not_replace_a_regulators_notice() {
    let RecalledWorld {
        mut world, recall, ..
    } = RecalledWorld::new();
    let before: Recall = world.ledger.read(recall);
    for misleading in others() {
        let wider = by(&world, world.manufacturer, units(0, UNITS), misleading);
        world.ledger.refuse(&wider, RecallError::RegulatorsNotice);
    }
    // It names the one that is there.
    let wider = by(&world, world.manufacturer, units(7_000, 2_000), notice());
    world.ledger.execute(&wider);
    let after: Recall = world.ledger.read(recall);
    assert_eq!(after.notice_address, before.notice_address);
    assert_eq!(
        (after.notice_hash, after.regulators_notice),
        (before.notice_hash, 1)
    );
    // And a regulator replaces it.
    let [newer, misleading] = others();
    let wider = by(&world, world.regulator, units(0, UNITS), newer);
    world.ledger.execute(&wider);
    let after: Recall = world.ledger.read(recall);
    assert_eq!(after.notice_hash, newer.hash);
    let (payer, regulator) = (world.payer, world.regulator);
    let none = units(0, 0);
    let releasing = narrow(payer, regulator, &after, after.scopes, none, Some(DOCUMENT));
    world.ledger.execute(&releasing);
    for notice in [notice(), misleading] {
        let wider = by(&world, world.manufacturer, units(0, UNITS), notice);
        world.ledger.refuse(&wider, RecallError::RegulatorsNotice);
    }
}

#[test]
fn the_manufacturer_replaces_its_own_notice_until_a_regulator_published_one() {
    let mut world = World::new();
    let (payer, maker) = (world.payer, world.manufacturer);
    let terms = RecallTerms {
        units: units(0, 10),
        ..recall_terms()
    };
    let opening = open(
        payer,
        maker,
        world.recall_of(world.goods.lot, 0),
        terms,
        notice(),
    );
    world.ledger.execute(&opening);
    let [newer, elsewhere] = others();
    for (site, units, notice) in [
        (maker, units(0, 20), newer),
        (world.regulator, units(0, 30), elsewhere),
    ] {
        let wider = by(&world, site, units, notice);
        world.ledger.execute(&wider);
    }
    let wider = by(&world, maker, units(0, 40), newer);
    world.ledger.refuse(&wider, RecallError::RegulatorsNotice);
    // Nor does who takes the lot over.
    let heir = world.other_manufacturer;
    world.hand_over_product(heir);
    let wider = by(&world, heir, units(0, 40), newer);
    world.ledger.refuse(&wider, RecallError::RegulatorsNotice);
}

#[test]
fn refuses_to_leave_a_recalled_unit_out() {
    let RecalledWorld { mut world, .. } = RecalledWorld::new();
    for site in [world.manufacturer, world.regulator] {
        for ((first, quantity), refusal) in [
            ((8_000, 1_000), RecallError::RangeNotGrown),
            ((8_001, 1_500), RecallError::RangeNotGrown),
            ((0, 8_999), RecallError::RangeNotGrown),
            ((8_100, 100), RecallError::RangeNotGrown),
            ((8_000, 0), RecallError::RangeNotGrown),
            ((8_000, 2_001), RecallError::RangeOutsideLot),
            ((8_000, u32::MAX), RecallError::RangeOutsideLot),
        ] {
            let instruction = by(&world, site, units(first, quantity), notice());
            world.ledger.refuse(&instruction, refusal);
        }
    }
}

#[test]
fn units_that_were_released_can_be_recalled_again() {
    let mut recalled = RecalledWorld::new();
    let releasing = recalled.narrow(units(8_500, 0));
    recalled.world.ledger.execute(&releasing);
    // Of no units, any range is more.
    let again = recalled.expand(units(100, 200));
    recalled.world.ledger.execute(&again);
    let recall = recalled.read();
    assert_eq!((recall.first, recall.quantity), (100, 200));
    assert_eq!((recall.scopes, recall.narrowings), (3, 1));
    let scope: Scope = recalled
        .world
        .ledger
        .read(address::scope(&recalled.recall, 2));
    assert_eq!((scope.first_before, scope.quantity_before), (8_500, 0));
    assert_eq!((scope.change, scope.narrowings), (3, 1));
}

#[test]
fn refuses_anybody_but_who_answers_for_the_lot_and_a_regulator() {
    let RecalledWorld { mut world, .. } = RecalledWorld::new();
    let by = |world: &World, site| by(world, site, units(7_000, 3_000), notice());
    for site in downstream(&world) {
        let instruction = by(&world, site);
        world.ledger.refuse(&instruction, RecallError::NotOverseer);
    }
    let (maker, regulator) = (world.manufacturer, world.regulator);
    refuse_ineligible_regulators(&world, &by(&world, regulator), RecallError::NotOverseer);
    refuse_ineligible_manufacturers(&world, &by(&world, maker));
    for site in [maker, regulator] {
        let instruction = by(&world, site);
        refuse_other_signers(&mut world.ledger, &instruction, site);
    }
    // Who took the product over answers for its lots too.
    let holder = world.other_manufacturer;
    world.hand_over_product(holder);
    let instruction = by(&world, holder);
    world.ledger.execute(&instruction);
}

#[test]
fn a_maker_whose_lot_was_adopted_stops_no_more_of_it() {
    let RecalledWorld { mut world, .. } = RecalledWorld::new();
    let (before, heir) = (world.manufacturer, world.other_manufacturer);
    world.hand_over_product(heir);
    let wider = |world: &World, site| by(world, site, units(7_000, 3_000), notice());
    world.after(&[wider(&world, before)]);
    let adoption = adopt_lot(heir, world.product, world.goods.lot);
    world.ledger.execute(&adoption);
    let instruction = wider(&world, before);
    world.ledger.refuse(&instruction, RecallError::NotOverseer);
    let instruction = wider(&world, heir);
    world.ledger.execute(&instruction);
}

#[test]
fn refuses_a_terminated_recall_and_an_empty_notice() {
    let recalled = RecalledWorld::new();
    let mut world = recalled.world.clone();
    let maker = world.manufacturer;
    let empty = Notice {
        address: [0; 96],
        ..notice()
    };
    let unreadable = by(&world, maker, units(7_000, 3_000), empty);
    world.ledger.refuse(&unreadable, RecallError::InvalidNotice);
    world.ledger.execute(&recalled.terminate());
    let late = by(&world, maker, units(7_000, 3_000), notice());
    world.ledger.refuse(&late, RecallError::RecallTerminated);
}

#[test]
fn refuses_wrong_accounts() {
    let RecalledWorld {
        mut world, recall, ..
    } = RecalledWorld::new();
    let (maker, lot) = (world.manufacturer, world.goods.lot);
    let instruction = by(&world, maker, units(7_000, 3_000), notice());
    world
        .ledger
        .refuse_stand_ins(&instruction, &[maker.partner, world.product, recall]);
    for (account, other, refusal) in [
        (lot, world.other_goods.lot, RecallError::NotRecallsLot),
        (
            world.product,
            world.other_product,
            RecallError::NotRecallsProduct,
        ),
    ] {
        let other = instruction.clone().replacing(account, other);
        world.ledger.refuse(&other, refusal);
    }
    let next = address::scope(&recall, 1);
    world.ledger.refuse_misplaced(&instruction, next);
}

#[test]
fn a_regulator_replaces_the_makers_notice_of_a_whole_lot_by_narrowing_and_expanding() {
    let mut world = World::new();
    let World {
        payer,
        manufacturer,
        regulator,
        goods,
        ..
    } = world;
    let recall = world.recall_of(goods.lot, 0);
    let terms = RecallTerms {
        units: units(0, UNITS),
        ..recall_terms()
    };
    let [newer, _] = others();
    let wider =
        |world: &World, by, scopes| expand(world.payer, by, recall, scopes, units(0, UNITS), newer);
    let opening = open(payer, manufacturer, recall, terms, notice());
    world.ledger.execute(&opening);
    let at_once = wider(&world, regulator, 1);
    world.ledger.refuse(&at_once, RecallError::RangeNotGrown);
    // In one transaction, so that no unit goes on in between.
    let but_one = units(0, UNITS - 1);
    let narrowing = narrow(payer, regulator, recall, 1, but_one, Some(DOCUMENT));
    let again = wider(&world, regulator, 2);
    let both = world.ledger.attempt_all(&[narrowing, again]);
    both.expect("a regulator may do both");
    let replaced: Recall = world.ledger.read(recall.address());
    assert_eq!((replaced.first, replaced.quantity), (0, UNITS));
    assert_eq!(
        (replaced.notice_hash, replaced.regulators_notice),
        (newer.hash, 1)
    );
}
