//! When title was taken and given up, and when units were recalled.

use custody::{CustodyError, UnitBlock};
use pedigree_interface::{
    Goods, TransferKind,
    instruction::{
        custody::{
            Cut, LotLabel, OfferTerms, accept, dispense, merge, mint_lot, open_unit_page, recover,
            report_stolen, split, transfer_title, with_pages,
        },
        recall::{Count, Since, prove, respond},
    },
};
use program_tests::{
    address,
    recalled::{count, units},
    world::{DOCUMENT, World, lot_label, terms},
};
use recall::RecallError;

use super::{PRICE, Story, since, units_of};

#[test]
fn title_that_is_given_up_before_the_recall_or_taken_after_it_is_not_paid_for() {
    let mut story = Story::new();
    let World {
        manufacturer,
        wholesaler,
        logistics,
        pharmacy,
        ..
    } = story.world;
    let [_, sold, _] = story.distribute();
    let range = units_of(&story, sold);
    let tranche = story.recall_and_fund(units(9_000, 1_000));
    let returned = story.give_back(pharmacy, wholesaler, sold);
    story
        .world
        .hand_over(wholesaler, logistics, sold, TransferKind::Disposal);
    // Condemned goods go to disposal only, so the maker takes them as that.
    story
        .world
        .hand_over(logistics, manufacturer, sold, TransferKind::Disposal);
    let goods = story.world.now(sold);
    let returning = story.world.return_title(wholesaler, goods);
    story.world.ledger.execute(&returning);
    let given_up = address::transfer(&goods.consignment, goods.sequence);
    let claim = story.claim(wholesaler, tranche, given_up, range, Since::OPENING);
    story.refuse(&claim, RecallError::TitleTakenLater);
    let claim = story.claim(pharmacy, tranche, returned, range, Since::OPENING);
    story.pay(&claim);
}

#[test]
fn who_bought_the_goods_where_they_lie_is_paid_and_who_sold_them_is_not() {
    let mut story = Story::new();
    let World {
        manufacturer,
        wholesaler,
        logistics,
        other_manufacturer,
        ..
    } = story.world;
    let [held, _, _] = story.distribute();
    let range = units_of(&story, held);
    story
        .world
        .hand_over(wholesaler, logistics, held, TransferKind::Logistics);
    let sale = transfer_title(
        wholesaler,
        other_manufacturer,
        story.world.now(held),
        Some(DOCUMENT),
    );
    story.world.ledger.execute(&sale);
    let tranche = story.recall_and_fund(units(9_000, 1_000));
    let (_recall, _) = tranche;
    // After the recall nobody sells them where they lie.
    let late = transfer_title(
        other_manufacturer,
        wholesaler,
        story.world.now(held),
        Some(DOCUMENT),
    );
    story.world.ledger.refuse(&late, CustodyError::Recalled);
    let home = story.give_back(logistics, other_manufacturer, held);
    let back = story.give_back(other_manufacturer, wholesaler, held);
    story.give_back(wholesaler, manufacturer, held);
    for evidence in [home, back] {
        let sellers = story.claim(wholesaler, tranche, evidence, range, Since::OPENING);
        story.refuse(&sellers, RecallError::NotOwner);
    }
    let buyers = story.claim(other_manufacturer, tranche, back, range, Since::OPENING);
    story.pay(&buyers);
    assert_eq!(story.earned(other_manufacturer), 8_000);
}

#[test]
fn a_sale_before_the_recall_and_one_after_it_in_the_same_second_are_told_apart() {
    let mut story = Story::new();
    let World {
        manufacturer,
        wholesaler,
        pharmacy,
        ..
    } = story.world;
    let [_, sold, _] = story.distribute();
    let range = units_of(&story, sold);
    // The pharmacy returns them before the recall, the wholesaler after it.
    let early = story.give_back(pharmacy, wholesaler, sold);
    let tranche = story.recall_and_fund(units(9_000, 1_000));
    let late = story.give_back(wholesaler, manufacturer, sold);
    let pharmacys = story.claim(pharmacy, tranche, early, range, Since::OPENING);
    story.refuse(&pharmacys, RecallError::EvidenceTooOld);
    let wholesalers = story.claim(wholesaler, tranche, late, range, Since::OPENING);
    story.pay(&wholesalers);
    assert_eq!(story.earned(wholesaler), 1_000);
}

#[test]
fn a_return_that_was_offered_before_the_recall_and_accepted_after_it_is_paid() {
    let mut story = Story::new();
    let World {
        wholesaler,
        pharmacy,
        ..
    } = story.world;
    let [_, sold, _] = story.distribute();
    let range = units_of(&story, sold);
    let goods = story.world.now(sold);
    let transfer = story
        .world
        .offer(pharmacy, wholesaler, goods, terms(TransferKind::Return));
    let tranche = story.recall_and_fund(units(9_000, 1_000));
    let claim = story.claim(pharmacy, tranche, transfer, range, Since::OPENING);
    story.refuse(&claim, RecallError::NotEvidence);
    let acceptance = accept(wholesaler, goods.offered_by(pharmacy.gln));
    story.world.ledger.execute(&acceptance);
    story.pay(&claim);
}

#[test]
fn what_was_destroyed_before_the_recall_is_not_paid_for() {
    let mut story = Story::new();
    let pharmacy = story.world.pharmacy;
    let [_, sold, _] = story.distribute();
    let range = units_of(&story, sold);
    let destroyed = story.destroy(pharmacy, sold);
    let tranche = story.recall_and_fund(units(9_000, 1_000));
    let claim = story.claim(pharmacy, tranche, destroyed, range, Since::OPENING);
    story.refuse(&claim, RecallError::EvidenceTooOld);
}

#[test]
fn parts_of_a_purchase_are_paid_for_each_and_parts_of_different_dates_are_not_mixed() {
    let mut story = Story::new();
    let World {
        payer,
        wholesaler,
        pharmacy,
        ..
    } = story.world;
    let [_, sold, _] = story.distribute();
    let tranche = story.recall_and_fund(units(9_000, 1_000));
    let (_recall, _) = tranche;
    let part = story.world.cut(pharmacy, sold, 40);
    // The wholesaler has title to one part since the recall and to its own stock since before.
    let returned = story.give_back(pharmacy, wholesaler, sold);
    let back = units_of(&story, sold);
    let held = Goods {
        consignment: address::consignment(&story.world.goods.consignment, 0),
        ..sold
    };
    let last_held = story.world.cut(wholesaler, held, 10);
    let neighbours = units_of(&story, last_held);
    assert_eq!(neighbours.first + neighbours.quantity + 100, back.first);
    let joining = merge(
        wholesaler,
        story.world.now(held),
        story.world.now(last_held),
        payer,
    );
    story.world.ledger.execute(&joining);
    let rest = story.give_back(pharmacy, wholesaler, part);
    let joining = merge(
        wholesaler,
        story.world.now(sold),
        story.world.now(part),
        payer,
    );
    story.world.ledger.execute(&joining);
    for (evidence, range) in [(returned, back), (rest, units(back.first + 60, 40))] {
        let claim = story.claim(pharmacy, tranche, evidence, range, Since::OPENING);
        story.pay(&claim);
        story.refuse(&claim, RecallError::AlreadyPaid);
    }
    assert_eq!(story.earned(pharmacy), 1_000);
}

#[test]
fn goods_that_were_sent_to_the_maker_to_be_destroyed_are_paid_for_once() {
    for gives_title in [true, false] {
        let mut story = Story::new();
        let World {
            manufacturer,
            wholesaler,
            ..
        } = story.world;
        let [held, _, _] = story.distribute();
        let range = units_of(&story, held);
        let tranche = story.recall_and_fund(units(9_000, 1_000));
        let disposal = TransferKind::Disposal;
        story
            .world
            .hand_over(wholesaler, manufacturer, held, disposal);
        let mut shown = Vec::new();
        if gives_title {
            let goods = story.world.now(held);
            let returning = story.world.return_title(wholesaler, goods);
            story.world.ledger.execute(&returning);
            shown.push(address::transfer(&goods.consignment, goods.sequence));
        }
        shown.push(story.destroy(manufacturer, held));
        for (place, evidence) in shown.into_iter().enumerate() {
            let claim = story.claim(wholesaler, tranche, evidence, range, Since::OPENING);
            if place == 0 {
                story.pay(&claim);
                story.refuse(&claim, RecallError::AlreadyPaid);
            } else {
                story.refuse(&claim, RecallError::NotOwner);
            }
            let makers = story.claim(manufacturer, tranche, evidence, range, Since::OPENING);
            story.refuse(&makers, RecallError::ManufacturerPays);
        }
        assert_eq!(story.earned(wholesaler), 8_000);
    }
}

#[test]
fn goods_that_a_regulator_had_brought_are_paid_to_who_owns_them() {
    // From a provider that hides them, and from where they were found after a theft.
    for is_stolen in [false, true] {
        let mut story = Story::new();
        let World {
            wholesaler,
            logistics,
            reverse_distributor,
            regulator,
            ..
        } = story.world;
        let [held, _, _] = story.distribute();
        let range = units_of(&story, held);
        let stored = TransferKind::Logistics;
        story.world.hand_over(wholesaler, logistics, held, stored);
        let tranche = story.recall_and_fund(units(9_000, 1_000));
        if is_stolen {
            let theft = report_stolen(logistics, story.world.now(held), None, None);
            story.world.ledger.execute(&theft);
        }
        let goods = story.world.now(held);
        let (from, to) = (logistics.gln, reverse_distributor);
        let recovery = recover(regulator, from, to, goods, false, None);
        story.world.ledger.execute(&recovery);
        let destroyed = story.destroy(reverse_distributor, held);
        let owners = story.claim(wholesaler, tranche, destroyed, range, Since::OPENING);
        let others = story.claim(logistics, tranche, destroyed, range, Since::OPENING);
        story.refuse(&others, RecallError::NotOwner);
        story.pay(&owners);
        story.refuse(&owners, RecallError::AlreadyPaid);
        assert_eq!(story.earned(wholesaler), 8_000);
    }
}

#[test]
fn title_that_goes_round_in_a_circle_of_returns_is_paid_for_once() {
    let mut story = Story::new();
    let World {
        manufacturer,
        other_manufacturer: first,
        wholesaler: second,
        goods,
        ..
    } = story.world;
    let part = story.world.cut(manufacturer, goods, 100);
    let range = units_of(&story, part);
    story.sell(manufacturer, first, part);
    // Each sold them to the other, so each may return them to the other.
    let mut sales = Vec::new();
    for (from, to) in [(first, second), (second, first)] {
        let goods = story.world.now(part);
        sales.push(
            story
                .world
                .offer(from, to, goods, terms(TransferKind::Sale)),
        );
        let acceptance = accept(to, goods.offered_by(from.gln));
        story.world.ledger.execute(&acceptance);
    }
    let recall = story.recall(range);
    let tranche = (recall, story.fund(recall, range, PRICE));
    let mut returns = Vec::new();
    for (from, to, sale) in [
        (first, second, sales[1]),
        (second, first, sales[0]),
        (first, second, sales[1]),
        (second, first, sales[0]),
    ] {
        let goods = story.world.now(part);
        let named = OfferTerms {
            reverses: Some(sale),
            ..terms(TransferKind::Return)
        };
        let transfer = story.world.offer(from, to, goods, named);
        let acceptance = accept(to, goods.offered_by(from.gln));
        story.world.ledger.execute(&acceptance);
        returns.push((from, transfer));
    }
    returns.push((first, story.give_back(first, manufacturer, part)));
    for (place, (site, evidence)) in returns.into_iter().enumerate().rev() {
        let claim = story.claim(site, tranche, evidence, range, Since::OPENING);
        if place == 0 {
            story.pay(&claim);
        } else {
            story.refuse(&claim, RecallError::TitleTakenLater);
        }
    }
    assert_eq!((story.earned(first), story.earned(second)), (1_000, 0));
}

#[test]
fn the_last_units_of_the_largest_lot_and_a_lot_of_one_unit_are_paid_for() {
    for quantity in [u32::MAX, 1] {
        let mut story = Story::new();
        let World {
            payer,
            manufacturer,
            wholesaler,
            pharmacy,
            product,
            ..
        } = story.world;
        let label = LotLabel {
            quantity,
            ..lot_label("EXTREME")
        };
        let minting = mint_lot(payer, manufacturer, product, &label);
        story.world.ledger.execute(&minting);
        let whole = Goods::minted(address::lot(&product, label.lot_number));
        story.world.goods = whole;
        let last = units(quantity - 1, 1);
        story.sell(manufacturer, wholesaler, whole);
        let mut sold = whole;
        if quantity > 1 {
            sold = story.world.cut(wholesaler, whole, 3);
        }
        story.sell(wholesaler, pharmacy, sold);
        if quantity > 1 {
            // The first of three is dispensed, so that those behind it are counted on the lot's last page.
            let (unit, goods) = (UnitBlock::of(quantity - 3), story.world.now(sold));
            let cutting = split(payer, pharmacy, goods, Cut::first(1));
            for step in [
                open_unit_page(payer, whole.lot, last.first / 8_192),
                dispense(payer, pharmacy, goods, unit, None, None),
                with_pages(cutting, &whole.lot, last),
            ] {
                story.world.ledger.execute(&step);
            }
            sold.consignment = address::consignment(&sold.consignment, 0);
        }
        let recall = story.recall(last);
        story.narrow(recall, units(last.first, 0));
        story.expand(recall, last);
        let tranche = (recall, story.fund(recall, last, PRICE));
        let returned = story.give_back(pharmacy, wholesaler, sold);
        let since = since(2, &[]);
        let at = recall.address();
        let nothing = Count {
            held: 0,
            quarantined: 0,
            dispensed: 0,
            ..count()
        };
        for step in [
            respond(payer, pharmacy, at, nothing),
            prove(payer, pharmacy, at, returned, last, &since),
        ] {
            story.world.ledger.execute(&step);
        }
        let claim = story.claim(pharmacy, tranche, returned, last, since);
        story.pay(&claim);
        story.refuse(&claim, RecallError::AlreadyPaid);
        assert_eq!(story.earned(pharmacy), 10);
    }
}
