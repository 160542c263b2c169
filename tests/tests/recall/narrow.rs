use custody::Lot;
use pedigree_interface::instruction::recall::narrow;
use program_tests::{
    alter::Alter,
    ledger::NOW,
    recalled::{RecalledWorld, units},
    world::DOCUMENT,
};
use recall::{Recall, RecallError};

use crate::{downstream, refuse_ineligible_regulators, refuse_other_signers};

#[test]
fn releases_units_even_of_a_terminated_recall() {
    for (first, quantity) in [(8_000, 999), (8_001, 999), (8_500, 1), (8_999, 0)] {
        for ends in [false, true] {
            let recalled = RecalledWorld::new();
            let mut world = recalled.world.clone();
            let lot = world.goods.lot;
            if ends {
                world.ledger.execute(&recalled.terminate());
            }
            world.ledger.set_time(NOW + 100);
            let changes = [
                world.ledger.effect(recalled.recall, |recall: &mut Recall| {
                    (recall.first, recall.quantity) = (first, quantity);
                    (recall.core_first, recall.core_quantity) = (first, quantity);
                    recall.changed_at = NOW + 100;
                    recall.document_hash = [3; 32];
                }),
                world.ledger.effect(lot, |lot: &mut Lot| {
                    lot.recall_changes += 1;
                    lot.recalled_first[0] = first;
                    lot.recalled_quantity[0] = quantity;
                }),
            ];
            let instruction = narrow(
                world.regulator,
                lot,
                0,
                units(first, quantity),
                Some([3; 32]),
            );
            world.ledger.execute_with_effects(&instruction, &changes);
        }
    }
}

#[test]
fn refuses_to_add_a_unit() {
    let RecalledWorld { mut world, .. } = RecalledWorld::new();
    for range in [
        units(8_000, 1_000),
        units(7_999, 10),
        units(8_999, 2),
        units(9_001, 0),
        units(u32::MAX, 0),
        units(u32::MAX, u32::MAX),
        units(0, 0),
    ] {
        let instruction = narrow(world.regulator, world.goods.lot, 0, range, Some(DOCUMENT));
        world
            .ledger
            .refuse(&instruction, RecallError::RangeNotNarrowed);
    }
}

#[test]
fn refuses_anybody_but_a_regulator() {
    let RecalledWorld { mut world, .. } = RecalledWorld::new();
    let lot = world.goods.lot;
    let by = |site| narrow(site, lot, 0, units(8_100, 100), Some(DOCUMENT));
    for site in [&downstream(&world)[..], &[world.manufacturer]].concat() {
        world.ledger.refuse(&by(site), RecallError::NotRegulator);
    }
    let regulator = world.regulator;
    refuse_ineligible_regulators(&world, &by(regulator), RecallError::NotRegulator);
    refuse_other_signers(&mut world.ledger, &by(regulator), regulator);
}

#[test]
fn refuses_wrong_accounts() {
    let RecalledWorld {
        mut world, recall, ..
    } = RecalledWorld::new();
    let (regulator, lot) = (world.regulator, world.goods.lot);
    let instruction = narrow(regulator, lot, 0, units(8_100, 100), Some(DOCUMENT));
    world
        .ledger
        .refuse_stand_ins(&instruction, &[regulator.partner, recall]);
    let other = instruction.replacing(lot, world.other_goods.lot);
    world.ledger.refuse(&other, RecallError::NotRecallsLot);
}
