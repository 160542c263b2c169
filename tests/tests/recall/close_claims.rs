use anchor_lang::ErrorCode;
use custody::Transfer;
use pedigree_interface::instruction::{custody::archive, recall::close_claims};
use program_tests::{
    address,
    alter::Alter,
    effect::Effect,
    ledger::NOW,
    recalled::{RecalledWorld, units},
};
use recall::RecallError;

#[test]
fn gives_the_rent_back_once_the_return_is_archived() {
    let recalled = RecalledWorld::funded();
    let mut world = recalled.world.clone();
    let (payer, returned) = (world.payer, recalled.returned);
    let claim = recalled.claim(returned, units(8_192, 100));
    world.ledger.execute(&claim);
    let page = address::claims(&returned, 0);
    let instruction = close_claims(returned, 0, payer);
    // Not after the recall's end, nor when nothing is left of the tranche: another recall may pay.
    world.ledger.refuse(&instruction, RecallError::EvidenceKept);
    world.ledger.execute(&recalled.terminate());
    world.ledger.set_time(NOW + Transfer::RETENTION);
    let mut withdrawn = world.after([&recalled.withdraw()]);
    withdrawn
        .ledger
        .refuse(&instruction, RecallError::EvidenceKept);
    world.ledger.execute(&archive(returned, payer));
    world.ledger.refuse_stand_ins(&instruction, &[page]);
    let other = world.operator;
    let diverted = instruction.clone().replacing(payer, other);
    world.ledger.refuse(&diverted, RecallError::NotPayer);
    // Another address where nothing is.
    let elsewhere = instruction
        .clone()
        .replacing(returned, address::transfer(&returned, 7));
    world
        .ledger
        .refuse(&elsewhere, RecallError::NotEvidencesClaims);
    world.ledger.refuse(
        &instruction.clone().read_only(page),
        ErrorCode::ConstraintMut,
    );
    let closing = Effect::Closing {
        account: page,
        payee: payer,
    };
    world.ledger.execute_with_effects(&instruction, &[closing]);
    // What it was about cannot be shown any more.
    world.ledger.refuse(&claim, RecallError::NotEvidence);
}

#[test]
fn the_record_of_a_destruction_stays() {
    let recalled = RecalledWorld::funded();
    let mut world = recalled.world.clone();
    let claim = recalled.claim(recalled.destroyed, units(8_300, 100));
    world.ledger.execute(&claim);
    world.ledger.set_time(NOW + Transfer::RETENTION);
    let instruction = close_claims(recalled.destroyed, 0, world.payer);
    world.ledger.refuse(&instruction, RecallError::EvidenceKept);
}
