use pedigree_interface::instruction::recall::close_proofs;
use program_tests::{
    address,
    alter::Alter,
    effect::Effect,
    recalled::{RecalledWorld, units},
};
use recall::{Proofs, RecallError};

#[test]
fn gives_the_rent_back_after_the_end_only() {
    let recalled = RecalledWorld::new();
    let mut world = recalled.world.clone();
    let page = address::proofs(&recalled.recall, 1);
    let proof = recalled.prove(recalled.returned, units(8_192, 100));
    world.ledger.execute(&proof);
    let instruction = close_proofs(recalled.recall, 1, world.payer);
    world
        .ledger
        .refuse(&instruction, RecallError::RecallNotTerminated);
    world.ledger.execute(&recalled.terminate());
    world
        .ledger
        .refuse_stand_ins(&instruction, &[recalled.recall, page]);
    let (payer, other) = (world.payer, world.operator);
    let diverted = instruction.clone().replacing(payer, other);
    world.ledger.refuse(&diverted, RecallError::NotPayer);
    let mut elsewhere = world.ledger.clone();
    elsewhere.edit(page, |page: &mut Proofs| page.recall = payer);
    elsewhere.refuse(&instruction, RecallError::NotRecallsProofs);
    let closing = Effect::Closing {
        account: page,
        payee: payer,
    };
    world.ledger.execute_with_effects(&instruction, &[closing]);
    // Nothing can be proven again once the record of it is closed.
    world.ledger.refuse(&proof, RecallError::RecallTerminated);
}

#[test]
fn a_unit_counts_once_though_its_record_was_closed_and_the_recall_reopened() {
    let mut recalled = RecalledWorld::new();
    let proof = recalled.prove(recalled.returned, units(8_192, 100));
    for step in [
        proof.clone(),
        recalled.terminate(),
        close_proofs(recalled.recall, 1, recalled.world.payer),
        recalled.reopen(),
        proof.clone(),
    ] {
        recalled.world.ledger.execute(&step);
    }
    assert_eq!(recalled.read().shown_returned, 100);
    recalled
        .world
        .ledger
        .refuse(&proof, RecallError::AlreadyShown);
}
