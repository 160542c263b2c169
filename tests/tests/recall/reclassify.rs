use program_tests::{
    instruction::recall::{open, reclassify},
    ledger::NOW,
    recalled::{Recalled, gravity, notice, recall_terms},
    world::{DOCUMENT, World},
};
use recall::{
    CheckLevel, Recall, RecallClass, RecallDepth, RecallError, RecallState, instructions::Gravity,
};

use crate::{downstream, refuse_barred_regulators, refuse_other_signers};

const GRAVEST: Gravity = Gravity {
    class: 1,
    depth: 0,
    check_level: 0,
    check_percent: 0,
};

const MILDEST: Gravity = Gravity {
    class: 3,
    depth: 2,
    check_level: 4,
    check_percent: 0,
};

#[test]
fn the_manufacturer_makes_it_graver_and_a_regulator_either() {
    let Recalled { world, recall, .. } = Recalled::new();
    let (maker, regulator) = (world.manufacturer, world.regulator);
    for (site, gravity, percent, deadline) in [
        (maker, GRAVEST, 100, NOW + 3_600 + 86_400),
        (regulator, GRAVEST, 100, NOW + 3_600 + 86_400),
        // A deadline is never put off.
        (regulator, MILDEST, 0, NOW + 2 * 86_400),
    ] {
        let mut world = world.clone();
        world.ledger.set_time(NOW + 3_600);
        let change = world.ledger.effect(recall, |recall: &mut Recall| {
            recall.class = RecallClass::from_code(gravity.class);
            recall.depth = RecallDepth::from_code(gravity.depth);
            recall.check_level = CheckLevel::from_code(gravity.check_level);
            recall.check_percent = percent;
            recall.state = RecallState::Reclassified;
            recall.notify_by = deadline;
            recall.changed_at = NOW + 3_600;
            recall.document = [5; 32];
        });
        let instruction = reclassify(site, recall, gravity, [5; 32]);
        world.ledger.execute_with_effects(&instruction, &[change]);
    }
}

#[test]
fn refuses_the_manufacturer_to_play_it_down() {
    let Recalled {
        mut world, recall, ..
    } = Recalled::new();
    for change in [
        |it: &mut Gravity| it.class = 3,
        |it: &mut Gravity| it.depth = 2,
        |it: &mut Gravity| it.check_level = 3,
        |it: &mut Gravity| it.check_level = 4,
    ] {
        let mut milder = gravity();
        change(&mut milder);
        for (graver, refusal) in [
            (milder, RecallError::NotGraver),
            (Gravity { class: 0, ..milder }, RecallError::InvalidClass),
        ] {
            let instruction = reclassify(world.manufacturer, recall, graver, DOCUMENT);
            world.ledger.refuse(&instruction, refusal);
        }
    }
}

#[test]
fn what_nobody_classified_is_the_gravest_for_the_manufacturer() {
    let mut world = World::new();
    let (payer, maker, lot) = (world.payer, world.manufacturer, world.parcel.lot);
    let mut terms = recall_terms();
    terms.gravity.class = 0;
    world
        .ledger
        .execute(&open(payer, maker, lot, 0, terms, notice()));
    let recall = program_tests::address::recall(&lot, 0);
    for class in [2, 3] {
        let classed = Gravity { class, ..gravity() };
        let instruction = reclassify(maker, recall, classed, DOCUMENT);
        world.ledger.refuse(&instruction, RecallError::NotGraver);
        world.after([&reclassify(world.regulator, recall, classed, DOCUMENT)]);
    }
    let first = Gravity {
        class: 1,
        ..gravity()
    };
    world
        .ledger
        .execute(&reclassify(maker, recall, first, DOCUMENT));
}

#[test]
fn refuses_others_and_a_terminated_recall() {
    let recalled = Recalled::new();
    let (mut world, recall) = (recalled.world.clone(), recalled.recall);
    let by = |site| reclassify(site, recall, GRAVEST, DOCUMENT);
    for site in downstream(&world) {
        world.ledger.refuse(&by(site), RecallError::NotOverseer);
    }
    let (maker, regulator) = (world.manufacturer, world.regulator);
    refuse_barred_regulators(&world, &by(regulator), RecallError::NotOverseer);
    for site in [maker, regulator] {
        refuse_other_signers(&mut world.ledger, &by(site), site);
    }
    let instruction = by(maker);
    world
        .ledger
        .refuse_stand_ins(&instruction, &[maker.partner, recall]);
    world.ledger.execute(&recalled.terminate());
    for site in [maker, regulator] {
        world
            .ledger
            .refuse(&by(site), RecallError::RecallTerminated);
    }
}
