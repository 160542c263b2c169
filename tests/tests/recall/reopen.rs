use pedigree_interface::instruction::recall::{close_proofs, reopen};
use program_tests::{
    ledger::NOW,
    recalled::{RecalledWorld, units},
    world::DOCUMENT,
};
use recall::{Recall, RecallError, RecallState};

use crate::{downstream, refuse_ineligible_regulators, refuse_other_signers};

#[test]
fn takes_a_terminated_recall_up_again() {
    let recalled = RecalledWorld::new();
    let mut world = recalled.world.clone();
    let proof = recalled.prove(recalled.returned, units(8_200, 10));
    for step in [&proof, &recalled.terminate()] {
        world.ledger.execute(step);
    }
    world.ledger.set_time(NOW + 100);
    let change = world.ledger.effect(recalled.recall, |recall: &mut Recall| {
        recall.state = RecallState::Reopened;
        recall.terminated_at = 0;
        recall.recounts = 1;
        recall.shown_returned = 0;
        recall.changed_at = NOW + 100;
        recall.document_hash = DOCUMENT;
    });
    let instruction = recalled.reopen();
    world.ledger.execute_with_effects(&instruction, &[change]);
    world
        .ledger
        .refuse(&instruction, RecallError::RecallNotTerminated);
    // It is expanded, answered and proven again, and ended anew.
    let closing = close_proofs(recalled.recall, 1, world.payer);
    world
        .ledger
        .refuse(&closing, RecallError::RecallNotTerminated);
    for step in [
        proof,
        recalled.expand(units(0, 9_000)),
        recalled.terminate(),
    ] {
        world.ledger.execute(&step);
    }
}

#[test]
fn refuses_anybody_but_a_regulator() {
    let mut recalled = RecalledWorld::new();
    let end = recalled.terminate();
    recalled.world.ledger.execute(&end);
    let (mut world, recall) = (recalled.world, recalled.recall);
    let by = |site| reopen(site, recall, Some(DOCUMENT));
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
