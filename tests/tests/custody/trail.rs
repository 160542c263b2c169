//! The trail, computed again on the host from what the transactions said.

use anchor_lang::Address;
use bytemuck::Zeroable;
use custody::{Consignment, TransferKind};
use program_tests::{
    instruction::custody::{accept, cancel},
    world::{DOCUMENT, UNITS, World, terms},
};

#[test]
fn the_host_computes_the_trail_of_the_ledger() {
    let mut world = World::new();
    let World {
        manufacturer,
        wholesaler,
        logistics,
        pharmacy,
        parcel,
        ..
    } = world;
    let mut expected = Consignment::zeroed();
    expected.begin_trail(&parcel.lot, &manufacturer.partner, [0x3A; 32], UNITS);
    assert_trail(&world, &expected);

    world.hand_over(manufacturer, logistics, parcel, TransferKind::Logistics);
    expected.sequence = 1;
    let owner = manufacturer.partner;
    expected.extend_trail(
        &logistics.partner,
        &owner,
        &DOCUMENT,
        TransferKind::Logistics,
    );
    assert_trail(&world, &expected);

    // An offer that comes to nothing counts in the sequence and leaves the trail alone.
    world.offer(
        logistics,
        manufacturer,
        parcel,
        terms(TransferKind::Return, 1),
    );
    world
        .ledger
        .execute(&cancel(logistics, parcel.consignment, 1));
    assert_trail(&world, &expected);

    world.offer(
        logistics,
        manufacturer,
        parcel,
        terms(TransferKind::Return, 2),
    );
    world
        .ledger
        .execute(&accept(manufacturer, logistics.partner, parcel, 2));
    expected.sequence = 3;
    expected.extend_trail(
        &manufacturer.partner,
        &owner,
        &DOCUMENT,
        TransferKind::Return,
    );
    assert_trail(&world, &expected);

    for (from, to) in [(manufacturer, wholesaler), (wholesaler, pharmacy)] {
        world.hand_over(from, to, parcel, TransferKind::Sale);
        expected.sequence += 1;
        expected.extend_trail(&to.partner, &to.partner, &DOCUMENT, TransferKind::Sale);
        assert_trail(&world, &expected);
    }
}

#[test]
fn a_link_is_the_hash_of_the_documented_bytes() {
    let mut world = World::new();
    let World {
        manufacturer,
        wholesaler,
        parcel,
        ..
    } = world;
    let before: Consignment = world.ledger.read(parcel.consignment);
    world.hand_over(manufacturer, wholesaler, parcel, TransferKind::Sale);
    let after: Consignment = world.ledger.read(parcel.consignment);

    assert_eq!(before.trail, first_link(&parcel.lot, &manufacturer.partner));
    let link = [
        before.trail.as_slice(),
        wholesaler.partner.as_ref(),
        wholesaler.partner.as_ref(),
        &DOCUMENT,
        &1u32.to_le_bytes(),
        &0u32.to_le_bytes(),
        &UNITS.to_le_bytes(),
        &[1],
    ]
    .concat();
    assert_eq!(link.len(), 141);
    assert_eq!(after.trail, anchor_lang::sha256(&link));
}

/// The link that minting makes: it follows the lot's address.
fn first_link(lot: &Address, manufacturer: &Address) -> [u8; 32] {
    let link = [
        lot.as_ref(),
        manufacturer.as_ref(),
        manufacturer.as_ref(),
        &[0x3A; 32],
        &0u32.to_le_bytes(),
        &0u32.to_le_bytes(),
        &UNITS.to_le_bytes(),
        &[0],
    ]
    .concat();
    anchor_lang::sha256(&link)
}

fn assert_trail(world: &World, expected: &Consignment) {
    let consignment: Consignment = world.ledger.read(world.parcel.consignment);
    assert_eq!(consignment.trail, expected.trail);
    assert_eq!(consignment.custodian, expected.custodian);
    assert_eq!(consignment.owner, expected.owner);
}
