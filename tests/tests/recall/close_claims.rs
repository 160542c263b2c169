use pedigree_interface::instruction::recall::close_claims;
use program_tests::{
    address,
    alter::Alter,
    effect::Effect,
    recalled::{RecalledWorld, units},
};
use recall::{Claims, RecallError};

#[test]
fn gives_the_rent_back_after_the_end_only() {
    let recalled = RecalledWorld::funded();
    let mut world = recalled.world.clone();
    let page = address::claims(&recalled.recall, 1);
    world
        .ledger
        .execute(&recalled.claim(recalled.returned, units(8_192, 100)));
    let instruction = close_claims(recalled.recall, 1, world.payer);
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
    elsewhere.edit(page, |page: &mut Claims| page.recall = payer);
    elsewhere.refuse(&instruction, RecallError::NotRecallsClaims);
    let closing = Effect::Closing {
        account: page,
        payee: payer,
    };
    world.ledger.execute_with_effects(&instruction, &[closing]);
    // Nothing can be claimed again once the record of claims is closed.
    let again = recalled.claim(recalled.returned, units(8_192, 100));
    world.ledger.refuse(&again, RecallError::RecallTerminated);
}
