//! What comes up from a dispenser is returned product, whatever the transfer is called: it is verified before
//! it goes down the chain again.

use custody::{Consignment, CustodyError, Restrictions};
use pedigree_domain::Roles;
use pedigree_interface::{
    Goods, Site, TransferKind,
    instruction::custody::{accept, handoff, handoff_batch, offer, transfer_title, verify_return},
};
use program_tests::{
    alter::Alter,
    world::{DOCUMENT, World, terms},
};

/// Goods that the pharmacy bought.
fn at_pharmacy() -> World {
    let mut world = World::new();
    let World {
        manufacturer,
        wholesaler,
        pharmacy,
        goods,
        ..
    } = world;
    world.hand_over(manufacturer, wholesaler, goods, TransferKind::Sale);
    world.hand_over(wholesaler, pharmacy, goods, TransferKind::Sale);
    world
}

fn is_returned(world: &World, goods: Goods) -> bool {
    let consignment: Consignment = world.ledger.read(goods.consignment);
    consignment.restrictions().contains(Restrictions::RETURNED)
}

/// The world after a transfer, made in each of the ways there are.
fn each_way(world: &World, from: Site, to: Site, kind: TransferKind) -> Vec<World> {
    let goods = world.now(world.goods);
    let document = Some(DOCUMENT);
    let at_once = handoff(from, to, goods, kind, document);
    let offering = offer(world.payer, from, to.gln, goods, terms(kind));
    vec![
        world.after([&at_once]),
        world.after(&[at_once.the_long_way()]),
        world.after(&[handoff_batch(from, to, &[goods], kind, document)]),
        world.after(&[offering, accept(to, goods.offered_by(from.gln))]),
    ]
}

/// Expects the goods to be verified before `from` sells them on to the other pharmacy.
#[track_caller]
fn needs_verification(world: &World, from: Site) {
    let mut world = world.clone();
    let (goods, buyer) = (world.goods, world.other_pharmacy);
    let sale = |world: &World| {
        let goods = world.now(goods);
        handoff(from, buyer, goods, TransferKind::Sale, Some(DOCUMENT))
    };
    let early = sale(&world);
    world.ledger.refuse(&early, CustodyError::ReturnNotVerified);
    let verification = verify_return(from, world.now(goods), Some(DOCUMENT));
    world.ledger.execute(&verification);
    let late = sale(&world);
    world.ledger.execute(&late);
}

#[test]
fn a_sale_or_a_deposit_to_a_wholesaler_is_verified() {
    let world = at_pharmacy();
    let (pharmacy, wholesaler) = (world.pharmacy, world.wholesaler);
    for world in each_way(&world, pharmacy, wholesaler, TransferKind::Sale) {
        assert!(is_returned(&world, world.goods));
        needs_verification(&world, wholesaler);
    }
    for mut world in each_way(&world, pharmacy, wholesaler, TransferKind::Logistics) {
        let title = transfer_title(pharmacy, wholesaler, world.now(world.goods), Some(DOCUMENT));
        world.ledger.refuse(&title, CustodyError::ReturnNotVerified);
        let verification = verify_return(wholesaler, world.now(world.goods), None);
        world.ledger.execute(&verification);
        let title = transfer_title(pharmacy, wholesaler, world.now(world.goods), Some(DOCUMENT));
        world.ledger.execute(&title);
        // The title came up from the dispenser again.
        needs_verification(&world, wholesaler);
    }
}

#[test]
fn title_first_and_goods_later_is_no_way_around() {
    let mut world = at_pharmacy();
    let World {
        pharmacy,
        wholesaler,
        goods,
        ..
    } = world;
    let title = transfer_title(pharmacy, wholesaler, world.now(goods), Some(DOCUMENT));
    world.ledger.execute(&title);
    assert!(is_returned(&world, goods));
    let stored = world.now(goods);
    // Not even with a verification in between by the pharmacy, which still has them.
    let verification = verify_return(pharmacy, stored, None);
    world.ledger.execute(&verification);
    for world in each_way(&world, pharmacy, wholesaler, TransferKind::Logistics) {
        needs_verification(&world, wholesaler);
    }
}

#[test]
fn a_3pl_in_between_is_no_way_around() {
    let world = at_pharmacy();
    let World {
        pharmacy,
        wholesaler,
        logistics,
        ..
    } = world;
    for mut world in each_way(&world, pharmacy, logistics, TransferKind::Logistics) {
        assert!(is_returned(&world, world.goods));
        let goods = world.now(world.goods);
        let title = transfer_title(pharmacy, wholesaler, goods, Some(DOCUMENT));
        world.ledger.refuse(&title, CustodyError::ReturnNotVerified);
        let on = handoff(
            logistics,
            wholesaler,
            goods,
            TransferKind::Logistics,
            Some(DOCUMENT),
        );
        world.ledger.refuse(&on, CustodyError::ReturnNotVerified);
    }
}

#[test]
fn a_site_that_also_dispenses_sends_up_as_a_dispenser() {
    let world = at_pharmacy();
    let (pharmacy, wholesaler) = (world.pharmacy, world.wholesaler);
    for roles in [
        Roles::DISPENSER | Roles::WHOLESALER,
        Roles::DISPENSER | Roles::LOGISTICS,
        Roles::all().difference(Roles::REGULATOR),
    ] {
        let mut world = world.clone();
        world.license(pharmacy, roles);
        for world in each_way(&world, pharmacy, wholesaler, TransferKind::Sale) {
            assert!(is_returned(&world, world.goods));
        }
        // To a site that also dispenses goods come up all the same.
        world.license(wholesaler, Roles::WHOLESALER | Roles::DISPENSER);
        for world in each_way(&world, pharmacy, wholesaler, TransferKind::Sale) {
            assert!(is_returned(&world, world.goods));
        }
    }
}

#[test]
fn between_dispensers_and_down_the_chain_nothing_comes_up() {
    let world = at_pharmacy();
    let (pharmacy, other) = (world.pharmacy, world.other_pharmacy);
    for kind in [TransferKind::Sale, TransferKind::Logistics] {
        for world in each_way(&world, pharmacy, other, kind) {
            assert!(!is_returned(&world, world.goods));
        }
    }
    let title = transfer_title(pharmacy, other, world.now(world.goods), Some(DOCUMENT));
    let after = world.after(&[title]);
    assert!(!is_returned(&after, world.goods));
    // A detour over the other pharmacy is none either.
    for world in each_way(&world, pharmacy, other, TransferKind::Sale) {
        let wholesaler = world.wholesaler;
        for world in each_way(&world, other, wholesaler, TransferKind::Sale) {
            needs_verification(&world, wholesaler);
        }
    }
    let world = World::new();
    let (maker, wholesaler) = (world.manufacturer, world.wholesaler);
    for world in each_way(&world, maker, wholesaler, TransferKind::Sale) {
        assert!(!is_returned(&world, world.goods));
    }
}
