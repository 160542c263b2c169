//! What a recall does to the goods: from the instruction that opens it, they go back or to be
//! destroyed, and nowhere else.

use custody::{CustodyError, ExceptionCode, RECALL_AUTHORITY};
use pedigree_interface::{
    Goods, Site, TransferKind,
    instruction::{
        custody::{
            accept, accept_with_discrepancy, cancel, destroy, handoff, handoff_batch, offer,
            reject, set_recalled_range, transfer_title,
        },
        recall::{narrow, open},
    },
};
use program_tests::{
    alter::Alter,
    recalled::{RecalledWorld, notice, recall_terms, units},
    refusal::failure,
    scenario::finding,
    world::{DOCUMENT, World, terms},
};

/// Units 9,500 and on are on offer by the wholesaler to the pharmacy; now they are recalled too.
fn out_of_reach() -> (World, Goods) {
    let mut recalled = RecalledWorld::new();
    let wider = recalled.expand(units(8_000, 2_000));
    recalled.world.ledger.execute(&wider);
    (recalled.world, recalled.offered)
}

#[test]
fn an_offer_in_flight_is_not_accepted_any_more() {
    let (mut world, offered) = out_of_reach();
    let World {
        payer,
        wholesaler,
        pharmacy,
        ..
    } = world;
    let offer = offered.offered_by(wholesaler.gln);
    let damage = finding(ExceptionCode::Damage);
    for acceptance in [
        accept(pharmacy, offer),
        accept_with_discrepancy(payer, pharmacy, offer, 0, damage),
    ] {
        world.ledger.refuse(&acceptance, CustodyError::Recalled);
    }
    for ending in [
        cancel(wholesaler, offer),
        reject(pharmacy, offer, ExceptionCode::NotOrdered),
    ] {
        world.after([&ending]);
    }
    // What is not recalled arrives.
    let RecalledWorld {
        mut world, offered, ..
    } = RecalledWorld::new();
    let acceptance = accept(pharmacy, offered.offered_by(wholesaler.gln));
    world.ledger.execute(&acceptance);
}

#[test]
fn goods_go_back_and_to_be_destroyed_but_not_on() {
    let (mut world, offered) = out_of_reach();
    let World {
        payer,
        manufacturer,
        wholesaler,
        pharmacy,
        logistics,
        regulator,
        ..
    } = world;
    world
        .ledger
        .execute(&cancel(wholesaler, offered.offered_by(wholesaler.gln)));
    let held = world.now(offered);
    let hand = |to: Site, kind| handoff(wholesaler, to, held, kind, Some(DOCUMENT));
    for refused in [
        hand(pharmacy, TransferKind::Sale),
        hand(pharmacy, TransferKind::Logistics),
        handoff_batch(
            wholesaler,
            pharmacy,
            &[held],
            TransferKind::Sale,
            Some(DOCUMENT),
        ),
        offer(
            payer,
            wholesaler,
            pharmacy.gln,
            held,
            terms(TransferKind::Sale),
        ),
    ] {
        world.ledger.refuse(&refused, CustodyError::Recalled);
    }
    for going in [
        hand(manufacturer, TransferKind::Return),
        hand(logistics, TransferKind::Disposal),
        // To be stored apart; from there they go no further either.
        hand(logistics, TransferKind::Logistics),
        destroy(wholesaler, regulator, held, Some(DOCUMENT)),
    ] {
        world.after([&going]);
    }
    let title = transfer_title(wholesaler, pharmacy, held, Some(DOCUMENT));
    world.ledger.refuse(&title, CustodyError::Recalled);
}

#[test]
fn a_recall_stops_a_sale_of_the_same_transaction() {
    let world = World::new();
    let World {
        payer,
        manufacturer,
        wholesaler,
        goods,
        ..
    } = world;
    let recall = world.recall_of(goods.lot, 0);
    let opening = open(payer, manufacturer, recall, recall_terms(), notice());
    let sale = TransferKind::Sale;
    let selling = handoff(manufacturer, wholesaler, goods, sale, Some(DOCUMENT));
    let failed = world
        .ledger
        .clone()
        .attempt_all(&[opening.clone(), selling.clone()])
        .expect_err("the units are stopped");
    assert_eq!(failed.err, failure(1, CustodyError::Recalled));
    world
        .ledger
        .clone()
        .attempt_all(&[selling, opening])
        .expect("the sale was before");
}

#[test]
fn a_released_unit_moves_again() {
    let (mut world, offered) = out_of_reach();
    let World {
        wholesaler,
        pharmacy,
        regulator,
        ..
    } = world;
    let acceptance = accept(pharmacy, offered.offered_by(wholesaler.gln));
    world.ledger.refuse(&acceptance, CustodyError::Recalled);
    let recall = world.recall_of(offered.lot, 0);
    let rest = units(8_000, 1_500);
    let releasing = narrow(world.payer, regulator, recall, 2, rest, Some(DOCUMENT));
    world.ledger.execute(&releasing);
    world.ledger.execute(&acceptance);
}

#[test]
fn one_recalls_release_is_not_anothers() {
    let (mut world, offered) = out_of_reach();
    let World {
        payer,
        manufacturer,
        wholesaler,
        pharmacy,
        regulator,
        ..
    } = world;
    let lot = offered.lot;
    let mut terms = recall_terms();
    terms.units = units(9_999, 1);
    let recalls = [0, 1].map(|number| world.recall_of(lot, number));
    world
        .ledger
        .execute(&open(payer, manufacturer, recalls[1], terms, notice()));
    let releasing = |number: usize, scopes| {
        let none = units(9_999, 0);
        narrow(
            payer,
            regulator,
            recalls[number],
            scopes,
            none,
            Some(DOCUMENT),
        )
    };
    let acceptance = accept(pharmacy, offered.offered_by(wholesaler.gln));
    world.ledger.execute(&releasing(0, 2));
    world.ledger.refuse(&acceptance, CustodyError::Recalled);
    world.ledger.execute(&releasing(1, 1));
    world.ledger.execute(&acceptance);
}

#[test]
fn nobody_but_the_recall_program_marks_a_lot() {
    let mut world = World::new();
    for site in [world.manufacturer, world.regulator, world.other_pharmacy] {
        let forged = set_recalled_range(world.goods.lot, 0, units(0, 1))
            .replacing(RECALL_AUTHORITY, site.key);
        world
            .ledger
            .refuse(&forged, CustodyError::NotRecallAuthority);
    }
}
