//! What a recall does to the goods: from the instruction that opens it, they go back or to be
//! destroyed, and nowhere else.

use custody::{Change, Consignment, CustodyError, ExceptionCode};
use program_tests::{
    instruction::{
        custody::{
            accept, accept_with_discrepancy, cancel, destroy, handoff, handoff_batch, offer,
            reject, set_recalled_run, transfer_title,
        },
        recall::{expand, narrow, open},
    },
    occasion::finding,
    recalled::{Recalled, notice, recall_terms},
    world::{DOCUMENT, Parcel, Site, World, terms},
};

fn sequence(world: &World, parcel: Parcel) -> u32 {
    world
        .ledger
        .read::<Consignment>(parcel.consignment)
        .sequence
}

/// Units 9,500 and on are on offer by the wholesaler to the pharmacy; now they are recalled too.
fn out_of_reach() -> (World, Parcel, u32) {
    let Recalled {
        mut world, offered, ..
    } = Recalled::new();
    let wider = expand(world.manufacturer, offered.lot, 0, (8_000, 2_000), notice());
    world.ledger.execute(&wider);
    let sequence = sequence(&world, offered) - 1;
    (world, offered, sequence)
}

#[test]
fn an_offer_in_flight_is_not_accepted_any_more() {
    let (mut world, offered, sequence) = out_of_reach();
    let World {
        payer,
        wholesaler,
        pharmacy,
        ..
    } = world;
    for acceptance in [
        accept(pharmacy, wholesaler.partner, offered, sequence),
        accept_with_discrepancy(
            payer,
            pharmacy,
            wholesaler.partner,
            offered,
            sequence,
            0,
            finding(ExceptionCode::Damage),
        ),
    ] {
        world.ledger.refuse(&acceptance, CustodyError::Recalled);
    }
    let consignment = offered.consignment;
    for ending in [
        cancel(wholesaler, consignment, sequence),
        reject(
            pharmacy,
            consignment,
            sequence,
            ExceptionCode::NotOrdered.code(),
        ),
    ] {
        world.after([&ending]);
    }
    // What is not recalled arrives.
    let Recalled {
        mut world, offered, ..
    } = Recalled::new();
    let acceptance = accept(pharmacy, wholesaler.partner, offered, sequence);
    world.ledger.execute(&acceptance);
}

#[test]
fn goods_go_back_and_to_be_destroyed_but_not_on() {
    let (mut world, offered, at) = out_of_reach();
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
        .execute(&cancel(wholesaler, offered.consignment, at));
    let next = sequence(&world, offered);
    let hand =
        |to: Site, kind: Change| handoff(wholesaler, to, offered, kind.code(), next, DOCUMENT);
    for refused in [
        hand(pharmacy, Change::Sale),
        hand(logistics, Change::Logistics),
        handoff_batch(
            wholesaler,
            pharmacy,
            &[(offered, next)],
            Change::Sale.code(),
            DOCUMENT,
        ),
        offer(
            payer,
            wholesaler,
            pharmacy.partner,
            offered,
            terms(Change::Sale, next),
        ),
    ] {
        world.ledger.refuse(&refused, CustodyError::Recalled);
    }
    for going in [
        hand(manufacturer, Change::Return),
        hand(logistics, Change::Disposal),
        destroy(wholesaler, regulator, offered, next, DOCUMENT),
    ] {
        world.after([&going]);
    }
    let title = transfer_title(wholesaler, pharmacy, offered, next, DOCUMENT);
    world.ledger.refuse(&title, CustodyError::Recalled);
}

#[test]
fn a_recall_stops_a_sale_of_the_same_transaction() {
    let world = World::new();
    let World {
        payer,
        manufacturer,
        wholesaler,
        parcel,
        ..
    } = world;
    let opening = open(payer, manufacturer, parcel.lot, 0, recall_terms(), notice());
    let sale = Change::Sale.code();
    let selling = handoff(manufacturer, wholesaler, parcel, sale, 0, DOCUMENT);
    let failed = world
        .ledger
        .clone()
        .attempt_all(&[opening.clone(), selling.clone()])
        .expect_err("the units are stopped");
    assert!(failed.meta.pretty_logs().contains("0x1b5f"));
    world
        .ledger
        .clone()
        .attempt_all(&[selling, opening])
        .expect("the sale was before");
}

#[test]
fn a_released_unit_moves_again() {
    let (mut world, offered, at) = out_of_reach();
    let World {
        wholesaler,
        pharmacy,
        regulator,
        ..
    } = world;
    let acceptance = accept(pharmacy, wholesaler.partner, offered, at);
    world.ledger.refuse(&acceptance, CustodyError::Recalled);
    let releasing = narrow(regulator, offered.lot, 0, (8_000, 1_500), DOCUMENT);
    world.ledger.execute(&releasing);
    world.ledger.execute(&acceptance);
}

#[test]
fn one_recalls_release_is_not_anothers() {
    let (mut world, offered, at) = out_of_reach();
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
    (terms.first, terms.quantity) = (9_999, 1);
    world
        .ledger
        .execute(&open(payer, manufacturer, lot, 1, terms, notice()));
    let releasing = |number| narrow(regulator, lot, number, (9_999, 0), DOCUMENT);
    let acceptance = accept(pharmacy, wholesaler.partner, offered, at);
    world.ledger.execute(&releasing(0));
    world.ledger.refuse(&acceptance, CustodyError::Recalled);
    world.ledger.execute(&releasing(1));
    world.ledger.execute(&acceptance);
}

#[test]
fn nobody_but_the_recall_program_marks_a_lot() {
    let mut world = World::new();
    for site in [world.manufacturer, world.regulator, world.recaller] {
        let forged = set_recalled_run(site.key, world.parcel.lot, 0, 0, 1);
        world
            .ledger
            .refuse(&forged, CustodyError::NotRecallAuthority);
    }
}
