//! Who owned units that others forwarded, brought or destroyed.

use pedigree_interface::{
    TransferKind,
    instruction::recall::{Since, prove, respond},
};
use program_tests::{
    recalled::{count, units},
    world::World,
};
use recall::RecallError;

use super::{Story, units_of};

#[test]
fn an_owner_is_paid_and_who_forwards_its_return_is_not() {
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
    let first = story.give_back(pharmacy, wholesaler, sold);
    let second = story.give_back(wholesaler, manufacturer, sold);
    // The wholesaler claims first, with its own return and with the pharmacy's.
    let own = story.claim(wholesaler, tranche, second, range, Since::OPENING);
    story.refuse(&own, RecallError::TitleTakenLater);
    let others = story.claim(wholesaler, tranche, first, range, Since::OPENING);
    story.refuse(&others, RecallError::NotOwner);
    let owners = story.claim(pharmacy, tranche, first, range, Since::OPENING);
    story.pay(&owners);
    assert_eq!(story.earned(pharmacy), 1_000);
    assert_eq!(story.earned(wholesaler), 0);
    for again in [owners, own] {
        story.world.ledger.attempt(&again).unwrap_err();
    }
}

#[test]
fn a_proof_by_who_forwards_a_return_keeps_no_owner_from_being_paid() {
    let mut story = Story::new();
    let World {
        payer,
        manufacturer,
        wholesaler,
        pharmacy,
        ..
    } = story.world;
    let [_, sold, _] = story.distribute();
    let range = units_of(&story, sold);
    let tranche = story.recall_and_fund(units(9_000, 1_000));
    let (recall, _) = tranche;
    let first = story.give_back(pharmacy, wholesaler, sold);
    let second = story.give_back(wholesaler, manufacturer, sold);
    let at = recall.address();
    for step in [
        respond(payer, wholesaler, at, count()),
        prove(payer, wholesaler, at, second, range, &Since::OPENING),
    ] {
        story.world.ledger.execute(&step);
    }
    let claim = story.claim(pharmacy, tranche, first, range, Since::OPENING);
    story.pay(&claim);
    assert_eq!(story.earned(pharmacy), 1_000);
}

#[test]
fn who_destroys_what_another_gave_up_is_not_paid() {
    let mut story = Story::new();
    let World {
        wholesaler,
        pharmacy,
        ..
    } = story.world;
    let [_, sold, _] = story.distribute();
    let range = units_of(&story, sold);
    let tranche = story.recall_and_fund(units(9_000, 1_000));
    let returned = story.give_back(pharmacy, wholesaler, sold);
    let destroyed = story.destroy(wholesaler, sold);
    let own = story.claim(wholesaler, tranche, destroyed, range, Since::OPENING);
    story.refuse(&own, RecallError::TitleTakenLater);
    let owners = story.claim(pharmacy, tranche, destroyed, range, Since::OPENING);
    story.refuse(&owners, RecallError::NotOwner);
    let owners = story.claim(pharmacy, tranche, returned, range, Since::OPENING);
    story.pay(&owners);
}

#[test]
fn a_provider_that_brings_goods_home_gives_nothing_up_and_keeps_the_owner_from_nothing() {
    let mut story = Story::new();
    let World {
        manufacturer,
        wholesaler,
        logistics,
        ..
    } = story.world;
    let [held, _, _] = story.distribute();
    let range = units_of(&story, held);
    story
        .world
        .hand_over(wholesaler, logistics, held, TransferKind::Logistics);
    let tranche = story.recall_and_fund(units(9_000, 1_000));
    let home = story.give_back(logistics, wholesaler, held);
    let providers = story.claim(logistics, tranche, home, range, Since::OPENING);
    story.refuse(&providers, RecallError::NotOwner);
    let owners = story.claim(wholesaler, tranche, home, range, Since::OPENING);
    story.refuse(&owners, RecallError::TitleKept);
    // Once the owner gives them up, it is paid.
    let back = story.give_back(wholesaler, manufacturer, held);
    let owners = story.claim(wholesaler, tranche, back, range, Since::OPENING);
    story.pay(&owners);
    assert_eq!(story.earned(wholesaler), 8_000);
}

#[test]
fn the_owner_is_paid_for_what_others_destroy() {
    for kind in [TransferKind::Logistics, TransferKind::Disposal] {
        let mut story = Story::new();
        let World {
            wholesaler,
            logistics,
            ..
        } = story.world;
        let [held, _, _] = story.distribute();
        let range = units_of(&story, held);
        let is_disposal = kind == TransferKind::Disposal;
        if !is_disposal {
            story.world.hand_over(wholesaler, logistics, held, kind);
        }
        let tranche = story.recall_and_fund(units(9_000, 1_000));
        if is_disposal {
            story.world.hand_over(wholesaler, logistics, held, kind);
        }
        let destroyed = story.destroy(logistics, held);
        let others = story.claim(logistics, tranche, destroyed, range, Since::OPENING);
        story.refuse(&others, RecallError::NotOwner);
        let owners = story.claim(wholesaler, tranche, destroyed, range, Since::OPENING);
        story.pay(&owners);
        assert_eq!(story.earned(wholesaler), 8_000);
    }
}
