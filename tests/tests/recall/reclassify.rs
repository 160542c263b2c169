use pedigree_interface::instruction::recall::{RecallStrategy, open, reclassify};
use program_tests::{
    ledger::NOW,
    recalled::{RecalledWorld, notice, recall_terms, strategy},
    world::{DOCUMENT, World},
};
use recall::{CheckLevel, Recall, RecallClass, RecallDepth, RecallError, RecallState};

use crate::{downstream, refuse_ineligible_regulators, refuse_other_signers};

const GRAVEST: RecallStrategy = RecallStrategy {
    class: RecallClass::I,
    depth: RecallDepth::Consumer,
    check_level: CheckLevel::A,
    check_percent: 0,
};

const MILDEST: RecallStrategy = RecallStrategy {
    class: RecallClass::III,
    depth: RecallDepth::Wholesale,
    check_level: CheckLevel::E,
    check_percent: 0,
};

#[test]
fn the_manufacturer_strengthens_it_and_a_regulator_decides_freely() {
    let RecalledWorld { world, recall, .. } = RecalledWorld::new();
    let (maker, regulator) = (world.manufacturer, world.regulator);
    for (site, strategy, percent, deadline) in [
        (maker, GRAVEST, 100, NOW + 3_600 + 86_400),
        (regulator, GRAVEST, 100, NOW + 3_600 + 86_400),
        // A deadline is never put off.
        (regulator, MILDEST, 0, NOW + 2 * 86_400),
    ] {
        let mut world = world.clone();
        world.ledger.set_time(NOW + 3_600);
        let change = world.ledger.effect(recall, |recall: &mut Recall| {
            recall.class = strategy.class;
            recall.depth = strategy.depth;
            recall.check_level = strategy.check_level;
            recall.check_percent = percent;
            recall.state = RecallState::Reclassified;
            recall.notify_by = deadline;
            recall.changed_at = NOW + 3_600;
            recall.document_hash = [5; 32];
        });
        let instruction = reclassify(site, recall, strategy, Some([5; 32]));
        world.ledger.execute_with_effects(&instruction, &[change]);
    }
}

#[test]
fn refuses_a_weaker_strategy_from_the_manufacturer() {
    let RecalledWorld {
        mut world, recall, ..
    } = RecalledWorld::new();
    for change in [
        |it: &mut RecallStrategy| it.class = RecallClass::III,
        |it: &mut RecallStrategy| it.depth = RecallDepth::Wholesale,
        |it: &mut RecallStrategy| it.check_level = CheckLevel::D,
        |it: &mut RecallStrategy| it.check_level = CheckLevel::E,
    ] {
        let mut milder = strategy();
        change(&mut milder);
        for (stricter, refusal) in [
            (milder, RecallError::NotStricter),
            (
                RecallStrategy {
                    class: RecallClass::Unclassified,
                    ..milder
                },
                RecallError::InvalidClass,
            ),
        ] {
            let instruction = reclassify(world.manufacturer, recall, stricter, Some(DOCUMENT));
            world.ledger.refuse(&instruction, refusal);
        }
    }
}

#[test]
fn an_unclassified_recall_ranks_as_class_i_for_the_manufacturer() {
    let mut world = World::new();
    let (payer, maker, lot) = (world.payer, world.manufacturer, world.goods.lot);
    let mut terms = recall_terms();
    terms.strategy.class = RecallClass::Unclassified;
    world
        .ledger
        .execute(&open(payer, maker, lot, 0, terms, notice()));
    let recall = program_tests::address::recall(&lot, 0);
    for class in [RecallClass::II, RecallClass::III] {
        let classed = RecallStrategy {
            class,
            ..strategy()
        };
        let instruction = reclassify(maker, recall, classed, Some(DOCUMENT));
        world.ledger.refuse(&instruction, RecallError::NotStricter);
        world.after([&reclassify(
            world.regulator,
            recall,
            classed,
            Some(DOCUMENT),
        )]);
    }
    let first = RecallStrategy {
        class: RecallClass::I,
        ..strategy()
    };
    world
        .ledger
        .execute(&reclassify(maker, recall, first, Some(DOCUMENT)));
}

#[test]
fn refuses_others_and_a_terminated_recall() {
    let recalled = RecalledWorld::new();
    let (mut world, recall) = (recalled.world.clone(), recalled.recall);
    let by = |site| reclassify(site, recall, GRAVEST, Some(DOCUMENT));
    for site in downstream(&world) {
        world.ledger.refuse(&by(site), RecallError::NotOverseer);
    }
    let (maker, regulator) = (world.manufacturer, world.regulator);
    refuse_ineligible_regulators(&world, &by(regulator), RecallError::NotOverseer);
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
