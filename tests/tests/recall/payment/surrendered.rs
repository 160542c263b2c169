//! Goods that were sent to be destroyed before a recall named them.

use custody::{CustodyError, Restrictions};
use pedigree_interface::{
    TransferKind,
    instruction::{
        custody::{accept, offer, recover, release, transfer_title, verify_return},
        recall::Since,
        registry::reinstate_partner,
    },
};
use program_tests::{
    address,
    recalled::units,
    world::{DOCUMENT, World, terms},
};
use recall::RecallError;

use super::{PRICE, Story, units_of};

#[test]
fn what_its_owner_sent_for_disposal_before_the_recall_is_not_paid_for() {
    // By a handoff, and by an offer that its receiver accepts before the recall or after it.
    for (is_offered, is_recalled_before) in [(false, false), (true, false), (true, true)] {
        let mut story = Story::new();
        let World {
            wholesaler,
            reverse_distributor: taker,
            ..
        } = story.world;
        let [held, _, _] = story.distribute();
        let range = units_of(&story, held);
        let disposal = TransferKind::Disposal;
        let accepting = if is_offered {
            let goods = story.world.now(held);
            story.world.offer(wholesaler, taker, goods, terms(disposal));
            Some(accept(taker, goods.offered_by(wholesaler.gln)))
        } else {
            story.world.hand_over(wholesaler, taker, held, disposal);
            None
        };
        let mut recall = None;
        if is_recalled_before {
            recall = Some(story.recall(units(9_000, 1_000)));
        }
        if let Some(accepting) = accepting {
            story.world.ledger.execute(&accepting);
        }
        let recall = recall.unwrap_or_else(|| story.recall(units(9_000, 1_000)));
        let tranche = (recall, story.fund(recall, units(9_000, 1_000), PRICE));
        let destroyed = story.destroy(taker, held);
        let claim = story.claim(wholesaler, tranche, destroyed, range, Since::OPENING);
        if is_recalled_before {
            // The owner had them when they were recalled.
            story.pay(&claim);
        } else {
            story.refuse(&claim, RecallError::TitleTakenLater);
        }
    }
}

#[test]
fn neither_a_split_nor_a_sale_nor_a_return_makes_a_surrender_before_the_recall_worth_something() {
    let mut story = Story::new();
    let World {
        payer,
        manufacturer,
        wholesaler,
        pharmacy,
        logistics: taker,
        regulator,
        ..
    } = story.world;
    let [held, _, _] = story.distribute();
    let disposal = TransferKind::Disposal;
    story.world.hand_over(wholesaler, taker, held, disposal);
    let sale = transfer_title(wholesaler, pharmacy, story.world.now(held), None);
    story.world.ledger.refuse(&sale, CustodyError::Condemned);
    let home = terms(TransferKind::Return);
    let returning = offer(payer, taker, wholesaler.gln, story.world.now(held), home);
    story
        .world
        .ledger
        .refuse(&returning, CustodyError::Condemned);
    let verifying = verify_return(taker, story.world.now(held), None);
    story
        .world
        .ledger
        .refuse(&verifying, CustodyError::Condemned);
    let part = story.world.cut(taker, held, 100);
    // Neither does having them brought to their maker, to whom title is given up, or back to their owner.
    let mut given = Vec::new();
    for (goods, to) in [(held, manufacturer), (part, wholesaler)] {
        let goods = story.world.now(goods);
        let recovery = recover(regulator, taker.gln, to, goods, false, None);
        story.world.ledger.execute(&recovery);
    }
    let tranche = story.recall_and_fund(units(9_000, 1_000));
    let goods = story.world.now(held);
    let (of_held, of_part) = (units_of(&story, held), units_of(&story, part));
    let returning = story.world.return_title(wholesaler, goods);
    story.world.ledger.execute(&returning);
    let record = address::transfer(&goods.consignment, goods.sequence);
    given.push((record, of_held));
    story.world.hand_over(wholesaler, taker, part, disposal);
    given.push((story.destroy(taker, part), of_part));
    for (evidence, range) in given {
        let claim = story.claim(wholesaler, tranche, evidence, range, Since::OPENING);
        story.refuse(&claim, RecallError::TitleTakenLater);
    }
}

#[test]
fn what_a_regulator_keeps_from_disposal_is_paid_for_once_it_is_verified() {
    for is_verified in [false, true] {
        let mut story = Story::new();
        let World {
            wholesaler,
            reverse_distributor: taker,
            regulator,
            ..
        } = story.world;
        let [held, _, _] = story.distribute();
        let range = units_of(&story, held);
        let disposal = TransferKind::Disposal;
        story.world.hand_over(wholesaler, taker, held, disposal);
        let (condemned, at) = (Restrictions::CONDEMNED, held.consignment);
        let released = release(regulator, at, condemned, Some(DOCUMENT));
        story.world.ledger.execute(&released);
        story.give_back(taker, wholesaler, held);
        if is_verified {
            let verifying = verify_return(wholesaler, story.world.now(held), None);
            story.world.ledger.execute(&verifying);
        }
        let tranche = story.recall_and_fund(units(9_000, 1_000));
        let destroyed = story.destroy(wholesaler, held);
        let claim = story.claim(wholesaler, tranche, destroyed, range, Since::OPENING);
        if is_verified {
            story.pay(&claim);
        } else {
            story.refuse(&claim, RecallError::TitleTakenLater);
        }
    }
}

#[test]
fn what_a_stopped_owner_sends_for_disposal_before_the_recall_is_paid_for() {
    // It is not surrendered: a thief may have sent it.
    let mut story = Story::new();
    let World {
        issuer_key,
        wholesaler,
        reverse_distributor: taker,
        ..
    } = story.world;
    let [held, _, _] = story.distribute();
    let range = units_of(&story, held);
    story.world.suspend(wholesaler);
    let disposal = TransferKind::Disposal;
    story.world.hand_over(wholesaler, taker, held, disposal);
    let tranche = story.recall_and_fund(units(9_000, 1_000));
    let reinstatement = reinstate_partner(issuer_key, wholesaler.gln);
    story.world.ledger.execute(&reinstatement);
    let destroyed = story.destroy(taker, held);
    let claim = story.claim(wholesaler, tranche, destroyed, range, Since::OPENING);
    story.pay(&claim);
}
