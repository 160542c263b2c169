use pedigree_interface::instruction::recall::{complete, expand};
use program_tests::{
    ledger::NOW,
    recalled::{RecalledWorld, notice, units},
    world::DOCUMENT,
};
use recall::{Recall, RecallError, RecallState};

use crate::{downstream, refuse_other_signers};

#[test]
fn who_opened_it_and_the_manufacturer_say_that_it_is_done() {
    let RecalledWorld { world, recall, .. } = RecalledWorld::new();
    for site in [world.manufacturer, world.regulator] {
        let mut world = world.clone();
        world.ledger.set_time(NOW + 100);
        let change = world.ledger.effect(recall, |recall: &mut Recall| {
            recall.state = RecallState::Completed;
            recall.changed_at = NOW + 100;
            recall.document_hash = DOCUMENT;
        });
        let instruction = complete(site, recall, Some(DOCUMENT));
        world.ledger.execute_with_effects(&instruction, &[change]);
        world
            .ledger
            .refuse(&instruction, RecallError::RecallCompleted);
    }
}

#[test]
fn more_units_take_it_up_again() {
    let RecalledWorld {
        mut world, recall, ..
    } = RecalledWorld::new();
    let (maker, lot) = (world.manufacturer, world.goods.lot);
    let done = complete(maker, recall, Some(DOCUMENT));
    world.ledger.execute(&done);
    world
        .ledger
        .execute(&expand(maker, lot, 0, units(7_000, 3_000), notice()));
    world.ledger.execute(&done);
}

#[test]
fn refuses_others_and_a_terminated_recall() {
    let recalled = RecalledWorld::new();
    let (mut world, recall) = (recalled.world.clone(), recalled.recall);
    let by = |site| complete(site, recall, Some(DOCUMENT));
    for site in downstream(&world) {
        world.ledger.refuse(&by(site), RecallError::NotOpener);
    }
    let maker = world.manufacturer;
    refuse_other_signers(&mut world.ledger, &by(maker), maker);
    world
        .ledger
        .refuse_stand_ins(&by(maker), &[maker.partner, recall]);
    world.ledger.execute(&recalled.terminate());
    world
        .ledger
        .refuse(&by(maker), RecallError::RecallTerminated);
}
