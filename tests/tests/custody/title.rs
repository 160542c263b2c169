//! Since when a site has title, in changes of the lot's recalls: what says who had the units when they were
//! recalled, even if all of it happens in one second.

use custody::{Consignment, Lot, Transfer};
use pedigree_interface::{
    Goods, Site, TransferKind,
    instruction::custody::{accept, destroy, transfer_title},
};
use program_tests::world::{DOCUMENT, World, terms};

/// A change of the lot's recalls.
fn change_recalls(world: &mut World) {
    world
        .ledger
        .edit(world.goods.lot, |lot: &mut Lot| lot.recall_changes += 1);
}

fn owner_of(world: &World, goods: Goods) -> (u64, u32) {
    let consignment: Consignment = world.ledger.read(goods.consignment);
    (consignment.owner, consignment.owner_since)
}

/// Offers goods and has them accepted, with a change of the lot's recalls before, between and after the
/// two. Returns the transfer.
fn send(world: &mut World, from: Site, to: Site, goods: Goods, kind: TransferKind) -> Transfer {
    change_recalls(world);
    let goods = world.now(goods);
    let transfer = world.offer(from, to, goods, terms(kind));
    change_recalls(world);
    let acceptance = accept(to, goods.offered_by(from.gln));
    world.ledger.execute(&acceptance);
    change_recalls(world);
    world.ledger.read(transfer)
}

#[test]
fn an_offer_records_who_had_title_and_since_when_and_its_acceptance_when_title_passed() {
    let mut world = World::new();
    let World {
        manufacturer,
        wholesaler,
        logistics,
        goods,
        ..
    } = world;
    let (maker, buyer) = (manufacturer.gln.number(), wholesaler.gln.number());
    let recorded =
        |transfer: Transfer| (transfer.owner, transfer.owner_since, transfer.settled_since);

    let sale = send(
        &mut world,
        manufacturer,
        wholesaler,
        goods,
        TransferKind::Sale,
    );
    assert_eq!(recorded(sale), (maker, 0, 2));
    assert_eq!(owner_of(&world, goods), (buyer, 2));

    let stored = send(
        &mut world,
        wholesaler,
        logistics,
        goods,
        TransferKind::Logistics,
    );
    assert_eq!(recorded(stored), (buyer, 2, 5));
    assert_eq!(owner_of(&world, goods), (buyer, 2));

    // The provider brings them to their owner: title stays where it was.
    let brought = send(
        &mut world,
        logistics,
        wholesaler,
        goods,
        TransferKind::Return,
    );
    assert_eq!(recorded(brought), (buyer, 2, 8));
    assert_eq!(owner_of(&world, goods), (buyer, 2));

    let back = send(
        &mut world,
        wholesaler,
        manufacturer,
        goods,
        TransferKind::Return,
    );
    assert_eq!(recorded(back), (buyer, 2, 11));
    assert_eq!(owner_of(&world, goods), (maker, 11));
}

#[test]
fn a_handoff_and_a_transfer_of_title_date_it_too() {
    let mut world = World::new();
    let World {
        manufacturer,
        wholesaler,
        pharmacy,
        goods,
        ..
    } = world;
    change_recalls(&mut world);
    world.hand_over(manufacturer, wholesaler, goods, TransferKind::Sale);
    assert_eq!(owner_of(&world, goods), (wholesaler.gln.number(), 1));
    change_recalls(&mut world);
    let sale = transfer_title(wholesaler, pharmacy, world.now(goods), Some(DOCUMENT));
    world.ledger.execute(&sale);
    assert_eq!(owner_of(&world, goods), (pharmacy.gln.number(), 2));
}

#[test]
fn what_is_cut_off_keeps_the_date() {
    let mut world = World::new();
    let World {
        manufacturer,
        wholesaler,
        goods,
        ..
    } = world;
    change_recalls(&mut world);
    world.hand_over(manufacturer, wholesaler, goods, TransferKind::Sale);
    change_recalls(&mut world);
    let part = world.cut(wholesaler, goods, 100);
    for goods in [goods, part] {
        assert_eq!(owner_of(&world, goods), (wholesaler.gln.number(), 1));
    }
}

#[test]
fn a_destruction_says_after_which_change_it_was() {
    let mut world = World::new();
    let (manufacturer, regulator, goods) = (world.manufacturer, world.regulator, world.goods);
    change_recalls(&mut world);
    let destruction = destroy(manufacturer, regulator, goods, Some(DOCUMENT));
    world.ledger.execute(&destruction);
    let destroyed: Consignment = world.ledger.read(goods.consignment);
    assert_eq!((destroyed.owner_since, destroyed.withdrawn_since), (0, 1));
}
