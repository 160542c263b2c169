use custody::Lot;
use program_tests::{
    instruction::{Alter, recall::narrow},
    ledger::NOW,
    recalled::Recalled,
    world::DOCUMENT,
};
use recall::{Recall, RecallError};

use crate::{downstream, refuse_barred_regulators, refuse_other_signers};

#[test]
fn releases_units_even_of_a_terminated_recall() {
    for run in [(8_000, 999), (8_001, 999), (8_500, 1), (8_999, 0)] {
        for ends in [false, true] {
            let recalled = Recalled::new();
            let mut world = recalled.world.clone();
            let lot = world.parcel.lot;
            if ends {
                world.ledger.execute(&recalled.terminate());
            }
            world.ledger.set_time(NOW + 100);
            let changes = [
                world.ledger.effect(recalled.recall, |recall: &mut Recall| {
                    (recall.first, recall.quantity) = run;
                    (recall.core_first, recall.core_quantity) = run;
                    recall.changed_at = NOW + 100;
                    recall.document = [3; 32];
                }),
                world.ledger.effect(lot, |lot: &mut Lot| {
                    (lot.recalled_first[0], lot.recalled_quantity[0]) = run;
                }),
            ];
            let instruction = narrow(world.regulator, lot, 0, run, [3; 32]);
            world.ledger.execute_with_effects(&instruction, &changes);
        }
    }
}

#[test]
fn refuses_to_add_a_unit() {
    let Recalled { mut world, .. } = Recalled::new();
    for run in [
        (8_000, 1_000),
        (7_999, 10),
        (8_999, 2),
        (9_001, 0),
        (u32::MAX, 0),
        (u32::MAX, u32::MAX),
        (0, 0),
    ] {
        let instruction = narrow(world.regulator, world.parcel.lot, 0, run, DOCUMENT);
        world
            .ledger
            .refuse(&instruction, RecallError::RunNotNarrowed);
    }
}

#[test]
fn refuses_anybody_but_a_regulator() {
    let Recalled { mut world, .. } = Recalled::new();
    let lot = world.parcel.lot;
    let by = |site| narrow(site, lot, 0, (8_100, 100), DOCUMENT);
    for site in [&downstream(&world)[..], &[world.manufacturer]].concat() {
        world.ledger.refuse(&by(site), RecallError::NotRegulator);
    }
    let regulator = world.regulator;
    refuse_barred_regulators(&world, &by(regulator), RecallError::NotRegulator);
    refuse_other_signers(&mut world.ledger, &by(regulator), regulator);
}

#[test]
fn refuses_wrong_accounts() {
    let Recalled {
        mut world, recall, ..
    } = Recalled::new();
    let (regulator, lot) = (world.regulator, world.parcel.lot);
    let instruction = narrow(regulator, lot, 0, (8_100, 100), DOCUMENT);
    world
        .ledger
        .refuse_stand_ins(&instruction, &[regulator.partner, recall]);
    let other = instruction.replacing(lot, world.other_parcel.lot);
    world.ledger.refuse(&other, RecallError::NotRecallsLot);
}
