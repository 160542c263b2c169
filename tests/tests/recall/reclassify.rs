use anchor_lang::Address;
use pedigree_interface::instruction::{
    custody::adopt_lot,
    recall::{RecallStrategy, expand, open, reclassify},
    registry::{accept_product_transfer, propose_product_transfer},
};
use program_tests::{
    address,
    alter::Alter,
    ledger::NOW,
    recalled::{RecalledWorld, notice, recall_terms, strategy, units},
    world::{DOCUMENT, GTIN, World},
};
use recall::{CheckLevel, Recall, RecallClass, RecallDepth, RecallError, RecallState, Scope};

use crate::{
    downstream, refuse_ineligible_manufacturers, refuse_ineligible_regulators, refuse_other_signers,
};

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

/// The world with a class that no regulator has assigned yet.
fn proposed(world: &World, recall: Address) -> World {
    let mut world = world.clone();
    world
        .ledger
        .edit(recall, |recall: &mut Recall| recall.classified_by = 0);
    world
}

#[test]
fn the_manufacturer_strengthens_it_and_a_regulator_decides_freely() {
    let RecalledWorld { world, recall, .. } = RecalledWorld::new();
    let (maker, regulator) = (world.manufacturer, world.regulator);
    for (site, strategy, percent, proposed_by) in [
        (maker, GRAVEST, 100, NOW + 3_600 + 86_400),
        (regulator, GRAVEST, 100, NOW + 3_600 + 86_400),
        // A deadline is never put off.
        (regulator, MILDEST, 0, NOW + 3_600 + 5 * 86_400),
    ] {
        let mut world = proposed(&world, recall);
        world.ledger.set_time(NOW + 3_600);
        let change = world.ledger.effect(recall, |recall: &mut Recall| {
            recall.class = strategy.class;
            recall.depth = strategy.depth;
            recall.check_level = strategy.check_level;
            recall.check_percent = percent;
            if site.gln == regulator.gln {
                recall.classified_by = site.gln.number();
            }
            recall.state = RecallState::Reclassified;
            recall.notify_by = proposed_by.min(NOW + 2 * 86_400);
            recall.reclassified_notify_by = proposed_by;
            recall.changed_at = NOW + 3_600;
            recall.document_hash = [5; 32];
        });
        let of_lot = world.recall_of(world.goods.lot, 0);
        let instruction = reclassify(site, of_lot, strategy, Some([5; 32]));
        world.ledger.execute_with_effects(&instruction, &[change]);
    }
}

#[test]
fn refuses_a_weaker_strategy_from_the_manufacturer() {
    let RecalledWorld { mut world, .. } = RecalledWorld::new();
    let recall = world.recall_of(world.goods.lot, 0);
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
    let (payer, maker) = (world.payer, world.manufacturer);
    let recall = world.recall_of(world.goods.lot, 0);
    let mut terms = recall_terms();
    terms.strategy.class = RecallClass::Unclassified;
    world
        .ledger
        .execute(&open(payer, maker, recall, terms, notice()));
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
fn a_regulator_confirms_the_class_that_the_manufacturer_proposed() {
    let recalled = RecalledWorld::new();
    let mut world = proposed(&recalled.world, recalled.recall);
    let (maker, regulator) = (world.manufacturer, world.regulator);
    let of_lot = world.recall_of(world.goods.lot, 0);
    // The firm may propose a graver one until then.
    let graver = reclassify(maker, of_lot, GRAVEST, Some(DOCUMENT));
    world.after([&graver]);
    let confirming = reclassify(regulator, of_lot, strategy(), Some(DOCUMENT));
    world.ledger.execute(&confirming);
    let recall: Recall = world.ledger.read(recalled.recall);
    assert_eq!(recall.class, strategy().class);
    assert_eq!(recall.classified_by(), Some(regulator.gln));
    world.ledger.refuse(&graver, RecallError::ClassAssigned);
    // What else it does to make the recall stricter stays its own.
    let deeper = RecallStrategy {
        class: strategy().class,
        ..GRAVEST
    };
    let deepening = reclassify(maker, of_lot, deeper, Some(DOCUMENT));
    world.ledger.execute(&deepening);
    let recall: Recall = world.ledger.read(recalled.recall);
    assert_eq!(recall.depth, RecallDepth::Consumer);
    assert_eq!(recall.classified_by(), Some(regulator.gln));
}

#[test]
fn a_maker_whose_lot_was_adopted_changes_no_more_of_its_recalls() {
    let recalled = RecalledWorld::new();
    let mut world = proposed(&recalled.world, recalled.recall);
    let (before, heir) = (world.manufacturer, world.other_manufacturer);
    world.hand_over_product(heir);
    let of_lot = world.recall_of(world.goods.lot, 0);
    let by = |site| reclassify(site, of_lot, GRAVEST, Some(DOCUMENT));
    world.after([&by(before)]);
    let adoption = adopt_lot(heir, world.product, world.goods.lot);
    world.ledger.execute(&adoption);
    world.ledger.refuse(&by(before), RecallError::NotOverseer);
    for site in [heir, world.regulator] {
        world.after([&by(site)]);
    }
    // Nor does the heir once the lot was taken back from it.
    let back = [
        propose_product_transfer(heir, before.gln, GTIN),
        accept_product_transfer(before, heir.gln, GTIN),
    ];
    for step in &back {
        world.ledger.execute(step);
    }
    world.after([&by(before)]);
    world.after([&by(heir)]);
    let adoption = adopt_lot(before, world.product, world.goods.lot);
    world.ledger.execute(&adoption);
    world.ledger.refuse(&by(heir), RecallError::NotOverseer);
}

#[test]
fn refuses_others_and_a_terminated_recall() {
    let recalled = RecalledWorld::new();
    let (mut world, recall) = (proposed(&recalled.world, recalled.recall), recalled.recall);
    let of_lot = world.recall_of(world.goods.lot, 0);
    let by = |site| reclassify(site, of_lot, GRAVEST, Some(DOCUMENT));
    for site in downstream(&world) {
        world.ledger.refuse(&by(site), RecallError::NotOverseer);
    }
    let (maker, regulator) = (world.manufacturer, world.regulator);
    refuse_ineligible_regulators(&world, &by(regulator), RecallError::NotOverseer);
    refuse_ineligible_manufacturers(&world, &by(maker));
    for site in [maker, regulator] {
        refuse_other_signers(&mut world.ledger, &by(site), site);
    }
    let instruction = by(maker);
    world
        .ledger
        .refuse_stand_ins(&instruction, &[maker.partner, world.product, recall]);
    let other = instruction
        .clone()
        .replacing(world.product, world.other_product);
    world.ledger.refuse(&other, RecallError::NotRecallsProduct);
    let other = instruction.replacing(world.goods.lot, world.other_goods.lot);
    world.ledger.refuse(&other, RecallError::NotRecallsLot);
    let holder = world.other_manufacturer;
    let mut handed = world.clone();
    handed.hand_over_product(holder);
    handed.ledger.execute(&by(holder));
    world.ledger.execute(&recalled.terminate());
    for site in [maker, regulator] {
        world
            .ledger
            .refuse(&by(site), RecallError::RecallTerminated);
    }
}

#[test]
fn each_units_deadline_to_notify_comes_nearer_with_a_graver_class_and_is_never_put_off() {
    const HOUR: i64 = 3_600;
    const DAY: i64 = 24 * HOUR;
    let recalled = RecalledWorld::new();
    let (mut world, at) = (recalled.world, recalled.recall);
    let (payer, regulator) = (world.payer, world.regulator);
    let of_lot = world.recall_of(world.goods.lot, 0);
    // Hours after the opening, what is done, and hours after it by which each scope's units are to be notified of.
    type Step = fn(RecallClass) -> Option<RecallClass>;
    let (expands, becomes): (Step, Step) = (|_| None, Some);
    for (hours, step, class, deadlines) in [
        (10, becomes, RecallClass::III, &[48][..]),
        (20, expands, RecallClass::III, &[48, 140]),
        // A second expansion does not put the first one's deadline off.
        (30, expands, RecallClass::III, &[48, 140, 150]),
        (40, becomes, RecallClass::II, &[48, 88, 88]),
        (41, becomes, RecallClass::III, &[48, 88, 88]),
        (80, becomes, RecallClass::II, &[48, 88, 88]),
        (81, expands, RecallClass::II, &[48, 88, 88, 129]),
        (82, becomes, RecallClass::I, &[48, 88, 88, 106]),
        (83, expands, RecallClass::I, &[48, 88, 88, 106, 107]),
        (84, becomes, RecallClass::III, &[48, 88, 88, 106, 107]),
        (85, expands, RecallClass::III, &[48, 88, 88, 106, 107, 205]),
    ] {
        world.ledger.set_time(NOW + hours * HOUR);
        let recall: Recall = world.ledger.read(at);
        let instruction = match step(class) {
            Some(class) => {
                let strategy = RecallStrategy {
                    class,
                    ..strategy()
                };
                reclassify(regulator, of_lot, strategy, Some(DOCUMENT))
            }
            None => {
                let wider = units(recall.first - 100, recall.quantity + 100);
                expand(payer, regulator, of_lot, recall.scopes, wider, notice())
            }
        };
        world.ledger.execute(&instruction);
        let recall: Recall = world.ledger.read(at);
        let scopes = (0..recall.scopes).map(|number| address::scope(&at, number));
        let scopes: Vec<Scope> = scopes.map(|at| world.ledger.read(at)).collect();
        let by = |number: usize| {
            (recall.notify_of(&scopes[number], scopes[number + 1..].iter()) - NOW) / HOUR
        };
        let actual: Vec<i64> = (0..scopes.len()).map(by).collect();
        assert_eq!(actual, deadlines, "after {hours} hours");
        assert_eq!(recall.notify_by, NOW + 2 * DAY);
    }
}
