use custody::CustodyError;
use pedigree_interface::{
    TransferKind,
    instruction::{custody::handoff, recall::terminate},
};
use program_tests::{ledger::NOW, recalled::RecalledWorld, world::DOCUMENT};
use recall::{Recall, RecallError, RecallState};

use crate::{downstream, refuse_ineligible_regulators, refuse_other_signers};

#[test]
fn ends_the_recall_and_releases_nothing() {
    let recalled = RecalledWorld::new();
    let mut world = recalled.world.clone();
    world.ledger.set_time(NOW + 100);
    let change = world.ledger.effect(recalled.recall, |recall: &mut Recall| {
        recall.state = RecallState::Terminated;
        recall.changed_at = NOW + 100;
        recall.terminated_at = NOW + 100;
        recall.document_hash = DOCUMENT;
    });
    let instruction = recalled.terminate();
    world.ledger.execute_with_effects(&instruction, &[change]);
    world
        .ledger
        .refuse(&instruction, RecallError::RecallTerminated);
    let kept = world.cut(world.wholesaler, recalled.held, 50);
    let consignment: custody::Consignment = world.ledger.read(kept.consignment);
    assert_eq!(consignment.first_unit, 8_050);
    let sale = TransferKind::Sale;
    let sequence = consignment.sequence;
    let (from, to) = (world.wholesaler, world.pharmacy);
    let selling = handoff(from, to, kept.at(sequence), sale, Some(DOCUMENT));
    world.ledger.refuse(&selling, CustodyError::Recalled);
}

#[test]
fn refuses_anybody_but_a_regulator() {
    let recalled = RecalledWorld::new();
    let (mut world, recall) = (recalled.world, recalled.recall);
    let by = |site| terminate(site, recall, Some(DOCUMENT));
    for site in [&downstream(&world)[..], &[world.manufacturer]].concat() {
        world.ledger.refuse(&by(site), RecallError::NotRegulator);
    }
    let regulator = world.regulator;
    refuse_ineligible_regulators(&world, &by(regulator), RecallError::NotRegulator);
    refuse_other_signers(&mut world.ledger, &by(regulator), regulator);
    world
        .ledger
        .refuse_stand_ins(&by(regulator), &[regulator.partner, recall]);
}
