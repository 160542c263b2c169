//! Who takes recalled goods back.

use custody::{CustodyError, Restrictions};
use pedigree_interface::{
    TransferKind,
    instruction::{
        custody::{Holders, adopt_lot, release, return_title, verify_return},
        recall::{Funding, Since, fund},
    },
};
use program_tests::{
    address,
    recalled::units,
    world::{DOCUMENT, World},
};
use recall::RecallError;

use super::{PRICE, Story, since, units_of};

#[test]
fn who_made_the_lot_and_got_title_for_nothing_is_not_paid_under_another_recall() {
    // The wholesaler is paid, and its title goes to who minted the lot, which another firm answers for now.
    let mut story = Story::new();
    let World {
        payer,
        manufacturer,
        other_manufacturer: heir,
        wholesaler,
        logistics,
        product,
        goods,
        ..
    } = story.world;
    let [held, _, _] = story.distribute();
    let range = units_of(&story, held);
    let stored = TransferKind::Logistics;
    story.world.hand_over(wholesaler, logistics, held, stored);
    story.give_back(logistics, manufacturer, held);
    story.world.hand_over_product(heir);
    let adoption = adopt_lot(heir, product, goods.lot);
    story.world.ledger.execute(&adoption);
    let reserve = |story: &mut Story| {
        let recall = story.recall(units(9_000, 1_000));
        let of = story.read(recall);
        let funding = Funding {
            units: units(9_000, 1_000),
            unit_price: PRICE,
        };
        let step = fund(payer, heir, &of, story.token, story.purse(heir), funding);
        story.world.ledger.execute(&step);
        (recall, of.tranches)
    };
    let first = reserve(&mut story);
    let now = story.world.now(held);
    let with = Holders {
        receiver: manufacturer.gln,
        manufacturer: heir.gln,
        product,
        is_offered: false,
    };
    let returning = return_title(payer, wholesaler, now, with, Some(DOCUMENT));
    story.world.ledger.execute(&returning);
    let given_up = address::transfer(&now.consignment, now.sequence);
    let owners = story.claim(wholesaler, first, given_up, range, Since::OPENING);
    story.pay(&owners);
    assert_eq!(story.earned(wholesaler), 8_000);
    let second = reserve(&mut story);
    let destroyed = story.destroy(manufacturer, held);
    let again = story.claim(manufacturer, second, destroyed, range, Since::OPENING);
    story.refuse(&again, RecallError::TitleTakenLater);
    assert_eq!(story.earned(manufacturer), 0);
}

#[test]
fn who_took_goods_back_that_a_regulator_released_is_paid_under_a_later_recall() {
    let mut story = Story::new();
    let World {
        manufacturer,
        wholesaler,
        pharmacy,
        regulator,
        ..
    } = story.world;
    let [_, sold, _] = story.distribute();
    let range = units_of(&story, sold);
    let recall = story.recall(units(9_000, 1_000));
    story.give_back(pharmacy, wholesaler, sold);
    story.narrow(recall, units(9_000, 1));
    // The regulator says that they may be sold, in place of who has them.
    let (returned, at) = (Restrictions::RETURNED, sold.consignment);
    let released = release(regulator, at, returned, Some(DOCUMENT));
    story.world.ledger.execute(&released);
    let verifying = verify_return(wholesaler, story.world.now(sold), None);
    story.world.ledger.execute(&verifying);
    story
        .world
        .ledger
        .refuse(&verifying, CustodyError::NotReturned);
    let tranche = story.recall_and_fund(units(9_000, 1_000));
    let evidence = story.give_back(wholesaler, manufacturer, sold);
    let claim = story.claim(wholesaler, tranche, evidence, range, Since::OPENING);
    story.pay(&claim);
    assert_eq!(story.earned(wholesaler), 1_000);
}

#[test]
fn who_verified_what_came_back_is_not_paid_for_the_recall_that_it_came_back_under() {
    // Two recalls named the goods before they came back, and name them again once they are verified.
    let mut story = Story::new();
    let World {
        manufacturer,
        wholesaler,
        pharmacy,
        ..
    } = story.world;
    let [_, sold, _] = story.distribute();
    let range = units_of(&story, sold);
    let recalls = [0; 2].map(|_| story.recall(units(9_000, 1_000)));
    let before = recalls.map(|recall| (recall, story.fund(recall, units(9_000, 1_000), PRICE)));
    let given_up = story.give_back(pharmacy, wholesaler, sold);
    for recall in recalls {
        let early = verify_return(wholesaler, story.world.now(sold), None);
        story.world.ledger.refuse(&early, CustodyError::Recalled);
        story.narrow(recall, units(9_000, 1));
    }
    let verifying = verify_return(wholesaler, story.world.now(sold), None);
    story.world.ledger.execute(&verifying);
    for recall in recalls {
        story.expand(recall, units(9_000, 1_000));
    }
    let after = recalls.map(|recall| (recall, story.fund(recall, units(9_000, 1_000), PRICE)));
    let forwarded = story.give_back(wholesaler, manufacturer, sold);
    for (before, after) in before.into_iter().zip(after) {
        for (tranche, since, refusal) in [
            (before, since(0, &[1]), RecallError::ReleasedSince),
            (after, since(0, &[1]), RecallError::ReleasedSince),
            (before, since(2, &[]), RecallError::FundedBefore),
        ] {
            let claim = story.claim(wholesaler, tranche, forwarded, range, since);
            story.refuse(&claim, refusal);
        }
        let owners = story.claim(pharmacy, after, given_up, range, since(2, &[]));
        story.refuse(&owners, RecallError::EvidenceTooOld);
    }
    // What each had when it was recalled is paid for, once.
    let owners = before.map(|it| story.claim(pharmacy, it, given_up, range, since(0, &[1])));
    let takers = after.map(|it| story.claim(wholesaler, it, forwarded, range, since(2, &[])));
    for [first, second] in [owners, takers] {
        story.pay(&first);
        story.refuse(&second, RecallError::AlreadyPaid);
    }
    assert_eq!(story.earned(pharmacy), 1_000);
    assert_eq!(story.earned(wholesaler), 1_000);
}
