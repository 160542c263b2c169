//! Recalls that are expanded and narrowed after somebody acted.

use pedigree_interface::{
    Goods,
    instruction::{custody::verify_return, recall::Since},
};
use program_tests::{address, recalled::units, world::World};
use recall::RecallError;

use super::{PRICE, Story, since, units_of};

#[test]
fn expanding_takes_nothing_from_who_acted_before() {
    let mut story = Story::new();
    let World {
        wholesaler,
        pharmacy,
        ..
    } = story.world;
    let [held, sold, _] = story.distribute();
    let range = units_of(&story, sold);
    let recall = story.recall(range);
    let tranche = (recall, story.fund(recall, range, PRICE));
    let returned = story.give_back(pharmacy, wholesaler, sold);
    for first in [range.first - 1, range.first - 2, 9_000] {
        story.expand(recall, units(first, range.first + 100 - first));
    }
    let claim = story.claim(pharmacy, tranche, returned, range, Since::OPENING);
    story.pay(&claim);
    // What an expansion added is recalled since then: another tranche pays for it.
    let added = units(9_000, 100);
    let destroyed = story.destroy(wholesaler, held);
    let early = story.claim(wholesaler, tranche, destroyed, added, since(3, &[]));
    story.refuse(&early, RecallError::RangeOutsideTranche);
    let later = (recall, story.fund(recall, units(9_000, 200), PRICE));
    for (scope, refusal) in [
        (0, RecallError::NotAddedByScope),
        (1, RecallError::NotAddedByScope),
        (2, RecallError::NotAddedByScope),
    ] {
        let claim = story.claim(wholesaler, later, destroyed, added, since(scope, &[]));
        story.refuse(&claim, refusal);
    }
    let claim = story.claim(wholesaler, later, destroyed, added, since(3, &[]));
    story.pay(&claim);
}

#[test]
fn goods_that_came_back_before_their_units_were_added_are_not_paid_for() {
    let mut story = Story::new();
    let World {
        wholesaler,
        pharmacy,
        ..
    } = story.world;
    let [_, sold, _] = story.distribute();
    let range = units_of(&story, sold);
    let recall = story.recall(units(9_000, 100));
    let returned = story.give_back(pharmacy, wholesaler, sold);
    story.expand(recall, units(9_000, 1_000));
    let tranche = (recall, story.fund(recall, units(9_000, 1_000), PRICE));
    let claim = story.claim(pharmacy, tranche, returned, range, since(1, &[]));
    story.refuse(&claim, RecallError::EvidenceTooOld);
    let claim = story.claim(pharmacy, tranche, returned, range, Since::OPENING);
    story.refuse(&claim, RecallError::NotAddedByScope);
    let resold = story.destroy(wholesaler, sold);
    let claim = story.claim(wholesaler, tranche, resold, range, since(1, &[]));
    story.pay(&claim);
}

#[test]
fn what_was_given_up_before_a_narrowing_is_owed_after_it() {
    let mut story = Story::new();
    let World {
        wholesaler,
        pharmacy,
        other_pharmacy,
        ..
    } = story.world;
    let [_, before, after] = story.distribute();
    let ranges = [before, after].map(|goods| units_of(&story, goods));
    let tranche = story.recall_and_fund(units(9_000, 1_000));
    let (recall, _) = tranche;
    let returned = story.give_back(pharmacy, wholesaler, before);
    story.narrow(recall, units(9_000, 10));
    story.narrow(recall, units(9_000, 0));
    let late = story.give_back(other_pharmacy, wholesaler, after);
    for narrowings in [&[1][..], &[1, 2]] {
        let claim = story.claim(pharmacy, tranche, returned, ranges[0], since(0, narrowings));
        if narrowings.len() == 2 {
            // The first that came later is enough; what follows it makes no difference.
            story.refuse(&claim, RecallError::AlreadyPaid);
        } else {
            story.pay(&claim);
        }
        let claim = story.claim(
            other_pharmacy,
            tranche,
            late,
            ranges[1],
            since(0, narrowings),
        );
        story.refuse(&claim, RecallError::ReleasedSince);
    }
    assert_eq!(story.earned(pharmacy), 1_000);
}

#[test]
fn units_that_were_released_resold_and_recalled_again_are_paid_for_anew() {
    // Recalled again by the same recall, or by another one.
    for is_same in [true, false] {
        let mut story = Story::new();
        let World {
            manufacturer,
            wholesaler,
            pharmacy,
            other_pharmacy,
            ..
        } = story.world;
        let [_, sold, _] = story.distribute();
        let range = units_of(&story, sold);
        let tranche = story.recall_and_fund(units(9_000, 1_000));
        let (recall, _) = tranche;
        let first = story.give_back(pharmacy, wholesaler, sold);
        let claim = story.claim(pharmacy, tranche, first, range, Since::OPENING);
        story.pay(&claim);
        story.narrow(recall, units(9_000, 1));
        let verifying = pedigree_interface::instruction::custody::verify_return(
            wholesaler,
            story.world.now(sold),
            None,
        );
        story.world.ledger.execute(&verifying);
        story.sell(wholesaler, other_pharmacy, sold);
        let (again, since_again) = if is_same {
            story.expand(recall, units(9_000, 1_000));
            (recall, since(2, &[]))
        } else {
            (story.recall(units(9_000, 1_000)), Since::OPENING)
        };
        let second = story.give_back(other_pharmacy, wholesaler, sold);
        // What the first tranche reserved was reserved for who had them then.
        if is_same {
            let claim = story.claim(other_pharmacy, tranche, second, range, since_again.clone());
            story.refuse(&claim, RecallError::FundedBefore);
            let claim = story.claim(other_pharmacy, tranche, second, range, since(0, &[1]));
            story.refuse(&claim, RecallError::ReleasedSince);
        }
        let new = (again, story.fund(again, units(9_000, 1_000), 7));
        let claim = story.claim(other_pharmacy, new, second, range, since_again.clone());
        story.pay(&claim);
        story.refuse(&claim, RecallError::AlreadyPaid);
        assert_eq!(story.earned(other_pharmacy), 700);
        // Who was paid for them before, or took them back since, is paid nothing more.
        let claim = story.claim(pharmacy, new, first, range, since_again.clone());
        story.refuse(&claim, RecallError::EvidenceTooOld);
        let forwarded = story.give_back(wholesaler, manufacturer, sold);
        let claim = story.claim(wholesaler, new, forwarded, range, since_again);
        story.refuse(&claim, RecallError::TitleTakenLater);
        assert_eq!(story.earned(pharmacy), 1_000);
    }
}

#[test]
fn an_owner_that_kept_its_goods_through_a_release_is_paid_from_what_was_reserved_since() {
    let mut story = Story::new();
    let World {
        wholesaler,
        pharmacy,
        ..
    } = story.world;
    let [_, sold, _] = story.distribute();
    let range = units_of(&story, sold);
    let old = story.recall_and_fund(units(9_000, 1_000));
    let (recall, _) = old;
    story.narrow(recall, units(9_000, 1));
    story.expand(recall, units(9_000, 1_000));
    let new = (recall, story.fund(recall, units(9_000, 1_000), PRICE));
    let returned = story.give_back(pharmacy, wholesaler, sold);
    for (tranche, shown, refusal) in [
        (old, since(0, &[1]), RecallError::ReleasedSince),
        (old, since(2, &[]), RecallError::FundedBefore),
        (new, since(0, &[1]), RecallError::ReleasedSince),
        (new, since(0, &[]), RecallError::NotNextNarrowing),
        (new, since(1, &[]), RecallError::NotAddedByScope),
    ] {
        let claim = story.claim(pharmacy, tranche, returned, range, shown);
        story.refuse(&claim, refusal);
    }
    let claim = story.claim(pharmacy, new, returned, range, since(2, &[]));
    story.pay(&claim);
    // What was never released is owed by either.
    let first = units(9_000, 1);
    let held = Goods {
        consignment: address::consignment(&story.world.goods.consignment, 0),
        ..sold
    };
    let destroyed = story.destroy(wholesaler, held);
    let claim = story.claim(wholesaler, old, destroyed, first, since(0, &[1]));
    story.pay(&claim);
}

#[test]
fn units_on_both_sides_of_where_a_recall_named_nothing_are_claimed_at_once() {
    let mut story = Story::new();
    let World {
        wholesaler,
        pharmacy,
        ..
    } = story.world;
    let [_, sold, _] = story.distribute();
    let range = units_of(&story, sold);
    let recall = story.recall(units(9_000, 1_000));
    story.narrow(recall, units(range.first + range.quantity / 2, 0));
    story.expand(recall, units(9_000, 1_000));
    let tranche = (recall, story.fund(recall, units(9_000, 1_000), PRICE));
    let returned = story.give_back(pharmacy, wholesaler, sold);
    let claim = story.claim(pharmacy, tranche, returned, range, since(2, &[]));
    story.pay(&claim);
    assert_eq!(story.earned(pharmacy), 100 * PRICE as i64);
}

#[test]
fn a_units_price_is_reserved_once_for_each_time_that_it_is_recalled() {
    let mut story = Story::new();
    let World {
        manufacturer,
        wholesaler,
        pharmacy,
        ..
    } = story.world;
    let [_, sold, _] = story.distribute();
    let range = units_of(&story, sold);
    let recall = story.recall(range);
    // Nobody claims what the first tranche reserves until the units were released and recalled again.
    let old = (recall, story.fund(recall, range, PRICE));
    let first = story.give_back(pharmacy, wholesaler, sold);
    // Who took them back has lost nothing by the first recall, and something by the second once it could sell them.
    story.narrow(recall, units(range.first, 0));
    let mut unverified = story.clone();
    let verification = verify_return(wholesaler, story.world.now(sold), None);
    story.world.ledger.execute(&verification);
    for story in [&mut unverified, &mut story] {
        story.expand(recall, range);
    }
    let evidence = unverified.give_back(wholesaler, manufacturer, sold);
    let tranche = (recall, unverified.fund(recall, range, PRICE));
    let claim = unverified.claim(wholesaler, tranche, evidence, range, since(2, &[]));
    unverified.refuse(&claim, RecallError::TitleTakenLater);
    let second = story.give_back(wholesaler, manufacturer, sold);
    let claim = story.claim(wholesaler, old, second, range, since(2, &[]));
    story.refuse(&claim, RecallError::FundedBefore);
    let claim = story.claim(pharmacy, old, first, range, since(0, &[1]));
    story.pay(&claim);
    let new = (recall, story.fund(recall, range, PRICE));
    let claim = story.claim(wholesaler, new, second, range, since(2, &[]));
    story.pay(&claim);
    assert_eq!(story.earned(wholesaler), 1_000);
}
