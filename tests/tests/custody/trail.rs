//! The trail, computed again on the host from the transactions.

use bytemuck::Zeroable;
use custody::{Change, Consignment, Disposition, Gone, UnitBlock, UnitPage};
use pedigree_interface::{
    Goods, Site, TransferKind,
    instruction::custody::{Cut, accept, cancel, merge, sample, split, transfer_title},
};
use program_tests::{
    address,
    world::{DOCUMENT, UNITS, World, terms},
};

/// The trail that a consignment gets by a change whose other effects it shows already: the hash of
/// the 93 bytes that the account's documentation names.
pub(crate) fn link(consignment: &Consignment) -> [u8; 32] {
    let bytes = [
        consignment.trail.as_slice(),
        &consignment.document_hash,
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

/// Adds to a consignment's trail a change that leaves its units where they are.
pub(crate) fn noted(consignment: &mut Consignment, kind: Change, document_hash: [u8; 32]) {
    consignment.kind = kind;
    consignment.document_hash = document_hash;
    consignment.trail = link(consignment);
}

/// Adds to a page's trail that `site` made the units of `block` what `disposition` says: the hash of the 85
/// bytes that the account's documentation names.
pub(crate) fn link_units(
    page: &mut UnitPage,
    site: Site,
    block: UnitBlock,
    disposition: Disposition,
    document_hash: [u8; 32],
) {
    let bytes = [
        page.trail.as_slice(),
        &document_hash,
        &site.gln.number().to_le_bytes(),
        &block.number.to_le_bytes(),
        &block.units.to_le_bytes(),
        &[disposition.code()],
    ]
    .concat();
    assert_eq!(bytes.len(), 85);
    page.trail = anchor_lang::sha256(&bytes);
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
        goods,
        ..
    } = world;
    let mut expected = Consignment::zeroed();
    expected.commission(&goods.lot, manufacturer.gln.number(), [0x3A; 32], UNITS);
    assert_trail(&world, &expected);

    let (maker, provider) = (manufacturer.gln.number(), logistics.gln.number());
    world.hand_over(manufacturer, logistics, goods, TransferKind::Logistics);
    expected.next_sequence().unwrap();
    expected.transfer(provider, Change::Logistics, &DOCUMENT, 0);
    assert_trail(&world, &expected);

    // An offer that is not accepted counts in the sequence and does not change the trail.
    world.offer(
        logistics,
        manufacturer,
        goods.at(1),
        terms(TransferKind::Logistics),
    );
    world
        .ledger
        .execute(&cancel(logistics, goods.at(1).offered_by(logistics.gln)));
    expected.next_sequence().unwrap();
    assert_trail(&world, &expected);

    world.offer(
        logistics,
        manufacturer,
        goods.at(2),
        terms(TransferKind::Logistics),
    );
    let acceptance = accept(manufacturer, goods.at(2).offered_by(logistics.gln));
    world.ledger.execute(&acceptance);
    expected.next_sequence().unwrap();
    expected.transfer(maker, Change::Logistics, &DOCUMENT, 0);
    assert_trail(&world, &expected);

    for (from, to) in [(manufacturer, wholesaler), (wholesaler, pharmacy)] {
        world.hand_over(from, to, goods, TransferKind::Sale);
        expected.next_sequence().unwrap();
        expected.transfer(to.gln.number(), Change::Sale, &DOCUMENT, 0);
        assert_trail(&world, &expected);
    }

    let sale = transfer_title(pharmacy, wholesaler, goods.at(5), Some(DOCUMENT));
    world.ledger.execute(&sale);
    expected.next_sequence().unwrap();
    expected.pass_title(wholesaler.gln.number(), &DOCUMENT, 0);
    assert_trail(&world, &expected);

    let mut part = Consignment::zeroed();
    world
        .ledger
        .execute(&split(payer, pharmacy, goods.at(6), Cut::first(100)));
    expected.next_sequence().unwrap();
    expected.split(&mut part, 100, Gone::default()).unwrap();
    assert_trail(&world, &expected);
    let cut_off = Goods {
        consignment: address::consignment(&goods.consignment, 0),
        ..goods
    };
    let actual: Consignment = world.ledger.read(cut_off.consignment);
    assert_eq!(actual.trail, part.trail);

    world
        .ledger
        .execute(&merge(pharmacy, goods.at(7), cut_off.at(7), payer));
    expected.next_sequence().unwrap();
    expected.merge(&part).unwrap();
    assert_trail(&world, &expected);

    world.ledger.execute(&sample(
        pharmacy,
        goods.at(8),
        Some(wholesaler.into()),
        Some(DOCUMENT),
    ));
    expected.next_sequence().unwrap();
    expected.withdraw(Change::Sampling, &DOCUMENT, (0, program_tests::ledger::NOW));
    assert_trail(&world, &expected);
}

fn assert_trail(world: &World, expected: &Consignment) {
    let consignment: Consignment = world.ledger.read(world.goods.consignment);
    assert_eq!(consignment.trail, expected.trail);
    assert_eq!(consignment.custodian, expected.custodian);
    assert_eq!(consignment.owner, expected.owner);
    assert_eq!(consignment.sequence, expected.sequence);
}
