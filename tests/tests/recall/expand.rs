use custody::Lot;
use pedigree_interface::instruction::recall::{Notice, expand, narrow};
use program_tests::{
    address,
    alter::Alter,
    ledger::NOW,
    recalled::{RecalledWorld, notice, units},
    world::{DOCUMENT, UNITS, World},
};
use recall::{Recall, RecallError, RecallState};

use crate::{downstream, refuse_ineligible_regulators, refuse_other_signers};

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
        let changes = [
            world.ledger.effect(recall, |recall: &mut Recall| {
                (recall.first, recall.quantity) = (range.first, range.quantity);
                recall.widest = range.quantity;
                recall.state = RecallState::Expanded;
                recall.changed_at = NOW + 100;
                recall.expanded_at = NOW + 100;
                recall.expansion_notify_by = NOW + 100 + 2 * 86_400;
                recall.notice_hash = newer.hash;
            }),
            world.ledger.effect(lot, |lot: &mut Lot| {
                lot.recall_changes += 1;
                lot.recalled_first[0] = range.first;
                lot.recalled_quantity[0] = range.quantity;
            }),
        ];
        let instruction = expand(world.manufacturer, lot, 0, range, newer);
        world.ledger.execute_with_effects(&instruction, &changes);
    }
}

#[test]
fn refuses_to_leave_a_recalled_unit_out() {
    let RecalledWorld { mut world, .. } = RecalledWorld::new();
    let lot = world.goods.lot;
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
            let instruction = expand(site, lot, 0, units(first, quantity), notice());
            world.ledger.refuse(&instruction, refusal);
        }
    }
}

#[test]
fn units_that_were_released_can_be_recalled_again() {
    let RecalledWorld {
        mut world, recall, ..
    } = RecalledWorld::new();
    let lot = world.goods.lot;
    let releasing = narrow(world.regulator, lot, 0, units(8_500, 0), Some(DOCUMENT));
    let again = expand(world.manufacturer, lot, 0, units(8_400, 200), notice());
    world.ledger.execute(&releasing);
    world.ledger.execute(&again);
    let recall: Recall = world.ledger.read(recall);
    assert_eq!((recall.first, recall.quantity), (8_400, 200));
    assert_eq!((recall.core_quantity, recall.widest), (0, 1_000));
}

#[test]
fn refuses_anybody_but_the_manufacturer_and_a_regulator() {
    let RecalledWorld { mut world, .. } = RecalledWorld::new();
    let lot = world.goods.lot;
    let by = |site| expand(site, lot, 0, units(7_000, 3_000), notice());
    for site in downstream(&world) {
        world.ledger.refuse(&by(site), RecallError::NotOverseer);
    }
    let regulator = world.regulator;
    refuse_ineligible_regulators(&world, &by(regulator), RecallError::NotOverseer);
    for site in [world.manufacturer, regulator] {
        refuse_other_signers(&mut world.ledger, &by(site), site);
    }
}

#[test]
fn refuses_a_terminated_recall_and_an_empty_notice() {
    let recalled = RecalledWorld::new();
    let mut world = recalled.world.clone();
    let lot = world.goods.lot;
    let empty = Notice {
        address: [0; 96],
        ..notice()
    };
    let unreadable = expand(world.manufacturer, lot, 0, units(7_000, 3_000), empty);
    world.ledger.refuse(&unreadable, RecallError::InvalidNotice);
    world.ledger.execute(&recalled.terminate());
    let late = expand(world.manufacturer, lot, 0, units(7_000, 3_000), notice());
    world.ledger.refuse(&late, RecallError::RecallTerminated);
}

#[test]
fn refuses_wrong_accounts() {
    let RecalledWorld {
        mut world, recall, ..
    } = RecalledWorld::new();
    let (maker, lot) = (world.manufacturer, world.goods.lot);
    let instruction = expand(maker, lot, 0, units(7_000, 3_000), notice());
    world
        .ledger
        .refuse_stand_ins(&instruction, &[maker.partner, recall]);
    let other = instruction.replacing(lot, world.other_goods.lot);
    world.ledger.refuse(&other, RecallError::NotRecallsLot);
    let World { other_goods, .. } = world;
    assert_ne!(address::recall(&other_goods.lot, 0), recall);
}
