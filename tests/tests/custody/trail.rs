//! The trail, computed again on the host from what the transactions said.

use bytemuck::Zeroable;
use custody::{Change, Consignment};
use program_tests::{
    address,
    instruction::custody::{accept, cancel, merge, sample, split, transfer_title},
    world::{DOCUMENT, UNITS, World, terms},
};

/// The trail that a consignment gets by a change whose other effects it shows already: the hash of
/// the 93 bytes that the account's documentation names.
pub(crate) fn link(consignment: &Consignment) -> [u8; 32] {
    let bytes = [
        consignment.trail.as_slice(),
        &consignment.document,
        &consignment.custodian.to_le_bytes(),
        &consignment.owner.to_le_bytes(),
        &consignment.sequence.to_le_bytes(),
        &consignment.first_unit.to_le_bytes(),
        &consignment.quantity.to_le_bytes(),
        &[consignment.kind.code()],
    ]
    .concat();
    assert_eq!(bytes.len(), 93);
    anchor_lang::sha256(&bytes)
}

#[test]
fn the_host_computes_the_trail_of_the_ledger() {
    let mut world = World::new();
    let World {
        payer,
        manufacturer,
        wholesaler,
        logistics,
        pharmacy,
        parcel,
        ..
    } = world;
    let consignment = parcel.consignment;
    let mut expected = Consignment::zeroed();
    expected.commission(&parcel.lot, manufacturer.gln, [0x3A; 32], UNITS);
    assert_trail(&world, &expected);

    let (maker, provider) = (manufacturer.gln, logistics.gln);
    world.hand_over(manufacturer, logistics, parcel, Change::Logistics);
    expected.next_sequence().unwrap();
    expected.transfer(maker, provider, Change::Logistics, &DOCUMENT);
    assert_trail(&world, &expected);

    // An offer that comes to nothing counts in the sequence and leaves the trail alone.
    world.offer(logistics, manufacturer, parcel, terms(Change::Logistics, 1));
    world.ledger.execute(&cancel(logistics, consignment, 1));
    expected.next_sequence().unwrap();
    assert_trail(&world, &expected);

    world.offer(logistics, manufacturer, parcel, terms(Change::Logistics, 2));
    let acceptance = accept(manufacturer, logistics.partner, parcel, 2);
    world.ledger.execute(&acceptance);
    expected.next_sequence().unwrap();
    expected.transfer(provider, maker, Change::Logistics, &DOCUMENT);
    assert_trail(&world, &expected);

    for (from, to) in [(manufacturer, wholesaler), (wholesaler, pharmacy)] {
        world.hand_over(from, to, parcel, Change::Sale);
        expected.next_sequence().unwrap();
        expected.transfer(from.gln, to.gln, Change::Sale, &DOCUMENT);
        assert_trail(&world, &expected);
    }

    let sale = transfer_title(pharmacy, wholesaler, parcel, 5, DOCUMENT);
    world.ledger.execute(&sale);
    expected.next_sequence().unwrap();
    expected.pass_title(wholesaler.gln, &DOCUMENT);
    assert_trail(&world, &expected);

    let mut part = Consignment::zeroed();
    world
        .ledger
        .execute(&split(payer, pharmacy, consignment, 0, 6, 100, 0));
    expected.next_sequence().unwrap();
    expected.split(&mut part, 100, 0).unwrap();
    assert_trail(&world, &expected);
    let child = address::consignment(&consignment, 0);
    assert_eq!(world.ledger.read::<Consignment>(child).trail, part.trail);

    world
        .ledger
        .execute(&merge(payer, pharmacy, (consignment, 7), (child, 7)));
    expected.next_sequence().unwrap();
    expected.merge(&part).unwrap();
    assert_trail(&world, &expected);

    world
        .ledger
        .execute(&sample(pharmacy, consignment, 8, DOCUMENT));
    expected.next_sequence().unwrap();
    expected.withdraw(Change::Sampling, &DOCUMENT);
    assert_trail(&world, &expected);
}

fn assert_trail(world: &World, expected: &Consignment) {
    let consignment: Consignment = world.ledger.read(world.parcel.consignment);
    assert_eq!(consignment.trail, expected.trail);
    assert_eq!(consignment.custodian, expected.custodian);
    assert_eq!(consignment.owner, expected.owner);
    assert_eq!(consignment.sequence, expected.sequence);
}
