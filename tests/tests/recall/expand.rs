use custody::Lot;
use program_tests::{
    address,
    instruction::recall::{expand, narrow},
    ledger::NOW,
    recalled::{Recalled, notice},
    world::{DOCUMENT, UNITS, World},
};
use recall::{Recall, RecallError, RecallState, instructions::Notice};

use crate::{downstream, refuse_barred_regulators, refuse_other_signers};

#[test]
fn adds_units_on_either_side() {
    for run in [(7_000, 2_000), (8_000, 2_000), (0, UNITS)] {
        let Recalled {
            mut world, recall, ..
        } = Recalled::new();
        let lot = world.parcel.lot;
        let newer = Notice {
            hash: [9; 32],
            ..notice()
        };
        world.ledger.set_time(NOW + 100);
        let changes = [
            world.ledger.effect(recall, |recall: &mut Recall| {
                (recall.first, recall.quantity) = run;
                recall.widest = run.1;
                recall.state = RecallState::Expanded;
                recall.changed_at = NOW + 100;
                recall.expanded_at = NOW + 100;
                recall.expansion_notify_by = NOW + 100 + 2 * 86_400;
                recall.notice_hash = newer.hash;
            }),
            world.ledger.effect(lot, |lot: &mut Lot| {
                (lot.recalled_first[0], lot.recalled_quantity[0]) = run;
            }),
        ];
        let instruction = expand(world.manufacturer, lot, 0, run, newer);
        world.ledger.execute_with_effects(&instruction, &changes);
    }
}

#[test]
fn refuses_to_leave_a_recalled_unit_out() {
    let Recalled { mut world, .. } = Recalled::new();
    let lot = world.parcel.lot;
    for site in [world.manufacturer, world.regulator] {
        for (run, refusal) in [
            ((8_000, 1_000), RecallError::RunNotGrown),
            ((8_001, 1_500), RecallError::RunNotGrown),
            ((0, 8_999), RecallError::RunNotGrown),
            ((8_100, 100), RecallError::RunNotGrown),
            ((8_000, 0), RecallError::RunNotGrown),
            ((8_000, 2_001), RecallError::RunOutsideLot),
            ((8_000, u32::MAX), RecallError::RunOutsideLot),
        ] {
            let instruction = expand(site, lot, 0, run, notice());
            world.ledger.refuse(&instruction, refusal);
        }
    }
}

#[test]
fn units_that_were_released_can_be_recalled_again() {
    let Recalled {
        mut world, recall, ..
    } = Recalled::new();
    let lot = world.parcel.lot;
    let releasing = narrow(world.regulator, lot, 0, (8_500, 0), DOCUMENT);
    let again = expand(world.manufacturer, lot, 0, (8_400, 200), notice());
    world.ledger.execute(&releasing);
    world.ledger.execute(&again);
    let recall: Recall = world.ledger.read(recall);
    assert_eq!((recall.first, recall.quantity), (8_400, 200));
    assert_eq!((recall.core_quantity, recall.widest), (0, 1_000));
}

#[test]
fn refuses_anybody_but_the_manufacturer_and_a_regulator() {
    let Recalled { mut world, .. } = Recalled::new();
    let lot = world.parcel.lot;
    let by = |site| expand(site, lot, 0, (7_000, 3_000), notice());
    for site in downstream(&world) {
        world.ledger.refuse(&by(site), RecallError::NotOverseer);
    }
    let regulator = world.regulator;
    refuse_barred_regulators(&world, &by(regulator), RecallError::NotOverseer);
    for site in [world.manufacturer, regulator] {
        refuse_other_signers(&mut world.ledger, &by(site), site);
    }
}

#[test]
fn refuses_a_terminated_recall_and_an_empty_notice() {
    let recalled = Recalled::new();
    let mut world = recalled.world.clone();
    let lot = world.parcel.lot;
    let empty = Notice {
        address: [0; 96],
        ..notice()
    };
    let unreadable = expand(world.manufacturer, lot, 0, (7_000, 3_000), empty);
    world.ledger.refuse(&unreadable, RecallError::InvalidNotice);
    world.ledger.execute(&recalled.terminate());
    let late = expand(world.manufacturer, lot, 0, (7_000, 3_000), notice());
    world.ledger.refuse(&late, RecallError::RecallTerminated);
}

#[test]
fn refuses_wrong_accounts() {
    let Recalled {
        mut world, recall, ..
    } = Recalled::new();
    let (maker, lot) = (world.manufacturer, world.parcel.lot);
    let instruction = expand(maker, lot, 0, (7_000, 3_000), notice());
    world
        .ledger
        .refuse_stand_ins(&instruction, &[maker.partner, recall]);
    use program_tests::instruction::Alter;
    let other = instruction.replacing(lot, world.other_parcel.lot);
    world.ledger.refuse(&other, RecallError::NotRecallsLot);
    let World { other_parcel, .. } = world;
    assert_ne!(address::recall(&other_parcel.lot, 0), recall);
}
