//! Several recalls and tranches for the same units.

use pedigree_interface::instruction::recall::{Funding, Since, fund};
use program_tests::{address, recalled::units, token::TOKEN_2022, world::World};
use recall::{RecallError, Tranche};

use super::{PRICE, Story, units_of};

#[test]
fn two_recalls_of_a_lot_pay_for_a_unit_once() {
    for pays_first in [0, 1] {
        let mut story = Story::new();
        let World {
            wholesaler,
            pharmacy,
            ..
        } = story.world;
        let [_, sold, _] = story.distribute();
        let tranches = [units(9_000, 1_000), units(9_950, 50)].map(|recalled| {
            let recall = story.recall(recalled);
            (recall, story.fund(recall, recalled, PRICE))
        });
        let returned = story.give_back(pharmacy, wholesaler, sold);
        let claims = tranches.map(|tranche| {
            story.claim(
                pharmacy,
                tranche,
                returned,
                units(9_960, 40),
                Since::OPENING,
            )
        });
        let [first, second] = [&claims[pays_first], &claims[1 - pays_first]];
        story.pay(first);
        story.refuse(second, RecallError::AlreadyPaid);
        assert_eq!(story.earned(pharmacy), 400);
    }
}

#[test]
fn units_that_were_given_up_under_one_recall_are_paid_for_under_no_other() {
    // Forwarded, or destroyed by who took them back; and whether one of them was recalled then, or all.
    for (is_destroyed, is_one) in [(false, false), (true, false), (false, true)] {
        let mut story = Story::new();
        let World {
            manufacturer,
            wholesaler,
            pharmacy,
            ..
        } = story.world;
        let [_, sold, _] = story.distribute();
        let range = units_of(&story, sold);
        let first_named = match is_one {
            true => range.first + range.quantity - 1,
            false => 9_000,
        };
        let named = units(first_named, 10_000 - first_named);
        let first = story.recall(named);
        let returned = story.give_back(pharmacy, wholesaler, sold);
        let tranche = story.recall_and_fund(units(9_000, 1_000));
        let claim = story.claim(pharmacy, tranche, returned, range, Since::OPENING);
        story.refuse(&claim, RecallError::EvidenceTooOld);
        if !is_one {
            // The first may still be funded.
            let own = (first, story.fund(first, named, PRICE));
            let claim = story.claim(pharmacy, own, returned, range, Since::OPENING);
            story.pay(&claim);
        }
        // Who got them for it, in a return of recalled goods, is paid under none.
        let evidence = if is_destroyed {
            story.destroy(wholesaler, sold)
        } else {
            story.give_back(wholesaler, manufacturer, sold)
        };
        let claim = story.claim(wholesaler, tranche, evidence, range, Since::OPENING);
        story.refuse(&claim, RecallError::TitleTakenLater);
        assert_eq!(story.earned(wholesaler), 0);
    }
}

#[test]
fn an_owner_chooses_the_tranche_that_pays_and_is_paid_from_one() {
    for (chosen, price) in [(0, 10), (1, 3), (2, 25)] {
        let mut story = Story::new();
        let World {
            wholesaler,
            pharmacy,
            ..
        } = story.world;
        let [_, sold, _] = story.distribute();
        let range = units_of(&story, sold);
        let recall = story.recall(units(9_000, 1_000));
        story.fund(recall, units(9_000, 1_000), 10);
        let returned = story.give_back(pharmacy, wholesaler, sold);
        // Lower and higher prices that come later change nothing for who has acted.
        story.fund(recall, units(9_000, 1_000), 3);
        story.fund(recall, range, 25);
        let claims = [0, 1, 2].map(|tranche| {
            story.claim(pharmacy, (recall, tranche), returned, range, Since::OPENING)
        });
        story.pay(&claims[chosen]);
        for claim in &claims {
            story.refuse(claim, RecallError::AlreadyPaid);
        }
        assert_eq!(story.earned(pharmacy), 100 * price);
    }
}

#[test]
fn a_worthless_tranche_is_in_nobodys_way() {
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
    // The manufacturer mints a token of its own, pays with as much of it as there can be, and freezes it.
    let worthless = story.world.token("worthless coin", TOKEN_2022, &[]);
    let source =
        story
            .world
            .token_account("worthless source", worthless, manufacturer.key, u64::MAX);
    let funding = Funding {
        units: units(9_000, 1),
        unit_price: u64::MAX,
    };
    let of = story.read(recall);
    let step = fund(payer, manufacturer, &of, worthless, source, funding);
    story.world.ledger.execute(&step);
    let vault = address::vault(&address::tranche(&recall.address(), 1));
    story.world.freeze(worthless, vault);
    let returned = story.give_back(pharmacy, wholesaler, sold);
    let claim = story.claim(pharmacy, tranche, returned, range, Since::OPENING);
    story.pay(&claim);
    assert_eq!(story.earned(pharmacy), 1_000);
}

#[test]
fn every_unit_that_a_tranche_covers_can_be_paid_for() {
    let mut story = Story::new();
    let World {
        wholesaler,
        pharmacy,
        other_pharmacy,
        ..
    } = story.world;
    let goods = story.distribute();
    let tranche = story.recall_and_fund(units(9_000, 1_000));
    let (recall, _) = tranche;
    let owners = [wholesaler, pharmacy, other_pharmacy];
    for (owner, goods) in owners.into_iter().zip(goods) {
        let range = units_of(&story, goods);
        let destroyed = story.destroy(owner, goods);
        let claim = story.claim(owner, tranche, destroyed, range, Since::OPENING);
        story.pay(&claim);
    }
    let earned = owners.map(|owner| story.earned(owner));
    assert_eq!(earned, [8_000, 1_000, 1_000]);
    let at = address::tranche(&recall.address(), 0);
    assert_eq!(story.world.balance(address::vault(&at)), 0);
    let tranche: Tranche = story.world.ledger.read(at);
    assert_eq!(tranche.paid_units, tranche.quantity);
}
