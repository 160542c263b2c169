//! Recalls that end and are reopened, and what waits for no money.

use pedigree_interface::{
    TransferKind,
    instruction::recall::{Since, close_proofs, prove, reopen, respond, terminate, withdraw},
};
use program_tests::{
    ledger::NOW,
    recalled::{CLAIM_PERIOD, count, units},
    world::World,
};
use recall::RecallError;

use super::{PRICE, Story, units_of};

#[test]
fn a_termination_leaves_time_to_give_up_and_to_claim() {
    let mut story = Story::new();
    let World {
        payer,
        manufacturer,
        wholesaler,
        pharmacy,
        other_pharmacy,
        regulator,
        ..
    } = story.world;
    let [_, before, after] = story.distribute();
    let ranges = [before, after].map(|goods| units_of(&story, goods));
    let tranche = story.recall_and_fund(units(9_000, 1_000));
    let (recall, _) = tranche;
    let returned = story.give_back(pharmacy, wholesaler, before);
    let ending = terminate(regulator, recall.address(), None);
    story.world.ledger.execute(&ending);
    // Its units are still stopped, so they still have to come back.
    let late = story.give_back(other_pharmacy, wholesaler, after);
    story.world.ledger.set_time(NOW + CLAIM_PERIOD - 1);
    let (token, purse) = (story.token, story.purse(manufacturer));
    let withdrawal = withdraw(manufacturer, recall.address(), 0, token, purse, payer);
    story.refuse(&withdrawal, RecallError::ClaimsOpen);
    for (owner, evidence, range) in [
        (pharmacy, returned, ranges[0]),
        (other_pharmacy, late, ranges[1]),
    ] {
        let claim = story.claim(owner, tranche, evidence, range, Since::OPENING);
        story.pay(&claim);
    }
    story.world.ledger.set_time(NOW + CLAIM_PERIOD);
    story.world.ledger.execute(&withdrawal);
    assert_eq!(story.earned(manufacturer), -2_000);
}

#[test]
fn closing_records_and_reopening_a_recall_pays_nobody_again() {
    let mut story = Story::new();
    let World {
        payer,
        wholesaler,
        pharmacy,
        regulator,
        ..
    } = story.world;
    let [_, sold, _] = story.distribute();
    let range = units_of(&story, sold);
    let tranche = story.recall_and_fund(units(9_000, 1_000));
    let (recall, _) = tranche;
    let returned = story.give_back(pharmacy, wholesaler, sold);
    let claim = story.claim(pharmacy, tranche, returned, range, Since::OPENING);
    let at = recall.address();
    for step in [
        respond(payer, pharmacy, at, count()),
        prove(payer, pharmacy, at, returned, range, &Since::OPENING),
        claim.clone(),
        terminate(regulator, at, None),
        close_proofs(at, 1, payer),
        reopen(regulator, at, None),
    ] {
        story.world.ledger.execute(&step);
    }
    story.refuse(&claim, RecallError::AlreadyPaid);
    let new = (recall, story.fund(recall, units(9_000, 1_000), PRICE));
    let claim = story.claim(pharmacy, new, returned, range, Since::OPENING);
    story.refuse(&claim, RecallError::AlreadyPaid);
}

#[test]
fn opening_expanding_and_answering_wait_for_no_money() {
    let mut story = Story::new();
    let World {
        payer,
        wholesaler,
        pharmacy,
        ..
    } = story.world;
    let [_, sold, _] = story.distribute();
    let range = units_of(&story, sold);
    let recall = story.recall(range);
    let returned = story.give_back(pharmacy, wholesaler, sold);
    story.expand(recall, units(9_000, 1_000));
    let at = recall.address();
    for step in [
        respond(payer, pharmacy, at, count()),
        prove(payer, pharmacy, at, returned, range, &Since::OPENING),
    ] {
        story.world.ledger.execute(&step);
    }
    // Money that comes afterwards pays all who had acted.
    let tranche = (recall, story.fund(recall, units(9_000, 1_000), PRICE));
    let claim = story.claim(pharmacy, tranche, returned, range, Since::OPENING);
    story.pay(&claim);
}

#[test]
fn a_handoff_leaves_nothing_that_could_be_claimed_by_anybody() {
    let mut story = Story::new();
    let World {
        manufacturer,
        wholesaler,
        pharmacy,
        ..
    } = story.world;
    let [_, sold, _] = story.distribute();
    let range = units_of(&story, sold);
    let tranche = story.recall_and_fund(units(9_000, 1_000));
    story
        .world
        .hand_over(pharmacy, wholesaler, sold, TransferKind::Return);
    let forwarded = story.give_back(wholesaler, manufacturer, sold);
    let claim = story.claim(wholesaler, tranche, forwarded, range, Since::OPENING);
    story.refuse(&claim, RecallError::TitleTakenLater);
    let claim = story.claim(pharmacy, tranche, forwarded, range, Since::OPENING);
    story.refuse(&claim, RecallError::NotOwner);
}
