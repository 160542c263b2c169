use pedigree_domain::Roles;
use pedigree_interface::{
    Site,
    instruction::{
        custody::adopt_lot,
        recall::{complete, open},
        registry::move_gln,
    },
};
use program_tests::{
    address,
    alter::Alter,
    layout::padded,
    ledger::NOW,
    recalled::{RecalledWorld, notice, recall_terms, units},
    world::{DOCUMENT, World, licence},
};
use recall::{Recall, RecallError, RecallState};

use crate::{Disqualification, downstream, refuse_other_signers};

#[test]
fn who_answers_for_the_lot_says_that_it_is_done() {
    let RecalledWorld { world, recall, .. } = RecalledWorld::new();
    let of_lot = world.recall_of(world.goods.lot, 0);
    for is_heir in [false, true] {
        let mut world = world.clone();
        let mut site = world.manufacturer;
        if is_heir {
            site = world.other_manufacturer;
            world.hand_over_product(site);
        }
        world.ledger.set_time(NOW + 100);
        let change = world.ledger.effect(recall, |recall: &mut Recall| {
            recall.state = RecallState::Completed;
            recall.changed_at = NOW + 100;
            recall.document_hash = DOCUMENT;
        });
        let instruction = complete(site, of_lot, Some(DOCUMENT));
        world.ledger.execute_with_effects(&instruction, &[change]);
        world
            .ledger
            .refuse(&instruction, RecallError::RecallCompleted);
    }
}

#[test]
fn a_regulator_reports_nothing_about_a_recall_that_it_opened() {
    let mut recalled = RecalledWorld::new();
    let world = &mut recalled.world;
    let of_lot = world.recall_of(world.goods.lot, 0);
    let report = complete(world.regulator, of_lot, Some(DOCUMENT));
    world.ledger.refuse(&report, RecallError::NotRecallingFirm);
    let end = recalled.terminate();
    recalled.world.ledger.execute(&end);
}

#[test]
fn a_maker_whose_lot_was_adopted_reports_nothing_not_even_of_its_own_recall() {
    let RecalledWorld { world, .. } = RecalledWorld::new();
    for is_own in [false, true] {
        let mut world = world.clone();
        let (before, heir) = (world.manufacturer, world.other_manufacturer);
        let recall = if is_own {
            world.next_recall(world.goods)
        } else {
            world.recall_of(world.goods.lot, 0)
        };
        if is_own {
            let opening = open(world.payer, before, recall, recall_terms(), notice());
            world.ledger.execute(&opening);
        }
        world.hand_over_product(heir);
        let by = |site| complete(site, recall, Some(DOCUMENT));
        world.after([&by(before)]);
        let adoption = adopt_lot(heir, world.product, world.goods.lot);
        world.ledger.execute(&adoption);
        world
            .ledger
            .refuse(&by(before), RecallError::NotRecallingFirm);
        world.ledger.execute(&by(heir));
    }
}

#[test]
fn a_report_needs_no_licence_in_force() {
    for disqualify in [World::suspend, World::revoke, World::lapse] as [Disqualification; 3] {
        let RecalledWorld { mut world, .. } = RecalledWorld::new();
        let maker = world.manufacturer;
        disqualify(&mut world, maker);
        let of_lot = world.recall_of(world.goods.lot, 0);
        let instruction = complete(maker, of_lot, Some(DOCUMENT));
        world.ledger.execute(&instruction);
    }
}

#[test]
fn more_units_take_it_up_again() {
    let mut recalled = RecalledWorld::new();
    let wider = recalled.expand(units(7_000, 3_000));
    let world = &mut recalled.world;
    let of_lot = world.recall_of(world.goods.lot, 0);
    let done = complete(world.manufacturer, of_lot, Some(DOCUMENT));
    for step in [&done, &wider, &done] {
        world.ledger.execute(step);
    }
}

#[test]
fn refuses_others_and_a_terminated_recall() {
    let recalled = RecalledWorld::new();
    let (mut world, recall) = (recalled.world.clone(), recalled.recall);
    let of_lot = world.recall_of(world.goods.lot, 0);
    let by = |site| complete(site, of_lot, Some(DOCUMENT));
    for site in downstream(&world) {
        world
            .ledger
            .refuse(&by(site), RecallError::NotRecallingFirm);
    }
    let maker = world.manufacturer;
    refuse_other_signers(&mut world.ledger, &by(maker), maker);
    world
        .ledger
        .refuse_stand_ins(&by(maker), &[maker.partner, world.product, recall]);
    let other = by(maker).replacing(world.product, world.other_product);
    world.ledger.refuse(&other, RecallError::NotRecallsProduct);
    let other = by(maker).replacing(world.goods.lot, world.other_goods.lot);
    world.ledger.refuse(&other, RecallError::NotRecallsLot);
    let holder = world.other_manufacturer;
    let mut handed = world.clone();
    handed.hand_over_product(holder);
    handed.ledger.execute(&by(holder));
    world.ledger.execute(&recalled.terminate());
    world
        .ledger
        .refuse(&by(maker), RecallError::RecallTerminated);
}

#[test]
fn refuses_a_maker_whose_gln_has_another_holder_that_has_not_confirmed() {
    let RecalledWorld { mut world, .. } = RecalledWorld::new();
    let World {
        authority,
        issuer_key,
        manufacturer,
        payer,
        ..
    } = world;
    let moving = move_gln(
        authority,
        address::issuer(&issuer_key),
        manufacturer.gln,
        payer,
        padded("Owner"),
        licence(Roles::MANUFACTURER),
    );
    world.ledger.execute(&moving);
    let holder = Site::own(manufacturer.gln, payer);
    let of_lot = world.recall_of(world.goods.lot, 0);
    let instruction = complete(holder, of_lot, Some(DOCUMENT));
    world
        .ledger
        .refuse(&instruction, RecallError::SiteNotConfirmed);
    let confirmation = world.confirmation(holder);
    for step in [confirmation, instruction] {
        world.ledger.execute(&step);
    }
}
