//! Where goods may go back to: to who sold them to their owner, to the owner, to the manufacturer,
//! or to the seller in a sale that the offer names.

use anchor_lang::{Address, solana_program::instruction::Instruction};
use custody::{Change, Consignment, CustodyError, Restrictions, Transfer, TransferState};
use pedigree_domain::Roles;
use program_tests::{
    address,
    instruction::{
        Alter,
        custody::{accept, handoff, offer},
    },
    world::{DOCUMENT, Site, World, terms},
};

use crate::{State, expect, refuse_states};

const RETURN: u8 = Change::Return.code();

/// Tries to return the parcel in both ways, handed over and offered.
#[track_caller]
fn try_returns(world: &World, from: Site, to: Site, refusal: Option<CustodyError>) {
    let World { payer, parcel, .. } = *world;
    let Consignment { sequence, .. } = world.ledger.read(parcel.consignment);
    for instruction in [
        handoff(from, to, parcel, RETURN, sequence, DOCUMENT),
        offer(
            payer,
            from,
            to.partner,
            parcel,
            terms(Change::Return, sequence),
        ),
    ] {
        expect(&mut world.ledger.clone(), &instruction, refusal);
    }
}

#[test]
fn go_to_the_seller_the_owner_or_the_manufacturer() {
    let mut world = World::new();
    let World {
        manufacturer,
        other_manufacturer,
        wholesaler,
        logistics,
        pharmacy,
        parcel,
        ..
    } = world;
    let elsewhere = Some(CustodyError::NotReturnsSupplier);
    try_returns(&world, manufacturer, wholesaler, elsewhere);

    world.hand_over(manufacturer, wholesaler, parcel, Change::Sale);
    try_returns(&world, wholesaler, manufacturer, None);
    try_returns(&world, wholesaler, other_manufacturer, elsewhere);

    let mut stored = world.clone();
    stored.hand_over(wholesaler, logistics, parcel, Change::Logistics);
    try_returns(&stored, logistics, wholesaler, None);
    try_returns(&stored, logistics, manufacturer, None);
    try_returns(&stored, logistics, other_manufacturer, elsewhere);

    world.hand_over(wholesaler, pharmacy, parcel, Change::Sale);
    try_returns(&world, pharmacy, wholesaler, None);
    try_returns(&world, pharmacy, manufacturer, None);
    try_returns(&world, pharmacy, other_manufacturer, elsewhere);
    try_returns(
        &world,
        pharmacy,
        logistics,
        Some(CustodyError::ReceiverRole),
    );

    // Sold back, so nobody is its supplier any more.
    world.hand_over(pharmacy, wholesaler, parcel, Change::Return);
    try_returns(&world, wholesaler, manufacturer, None);
    try_returns(&world, wholesaler, other_manufacturer, elsewhere);
    world.license(pharmacy, Roles::WHOLESALER);
    try_returns(&world, wholesaler, pharmacy, elsewhere);
}

#[test]
fn a_providers_return_leaves_owner_and_supplier() {
    let mut world = World::new();
    let World {
        manufacturer,
        wholesaler,
        logistics,
        parcel,
        ..
    } = world;
    world.hand_over(manufacturer, wholesaler, parcel, Change::Sale);
    world.hand_over(wholesaler, logistics, parcel, Change::Logistics);
    world.hand_over(logistics, wholesaler, parcel, Change::Return);
    let consignment: Consignment = world.ledger.read(parcel.consignment);
    assert_eq!(consignment.custodian, wholesaler.gln);
    assert_eq!(consignment.owner, wholesaler.gln);
    assert_eq!(consignment.supplier, manufacturer.gln);
    assert_eq!(consignment.restrictions, Restrictions::RETURNED.bits());
}

/// A parcel that was sold by one wholesaler to another, sold on and returned: nothing in its
/// account says any more who sold it to the second.
struct Returned {
    world: World,
    seller: Site,
    buyer: Site,
    sale: Address,
    sequence: u32,
}

fn returned() -> Returned {
    let mut world = World::new();
    let World {
        manufacturer,
        other_manufacturer: buyer,
        wholesaler: seller,
        pharmacy,
        parcel,
        ..
    } = world;
    world.license(buyer, Roles::WHOLESALER);
    world.hand_over(manufacturer, seller, parcel, Change::Sale);
    let sale = world.offer(seller, buyer, parcel, terms(Change::Sale, 1));
    let acceptance = accept(buyer, seller.partner, parcel, 1);
    world.ledger.execute(&acceptance);
    world.hand_over(buyer, pharmacy, parcel, Change::Sale);
    world.hand_over(pharmacy, buyer, parcel, Change::Return);
    Returned {
        world,
        seller,
        buyer,
        sale,
        sequence: 4,
    }
}

impl Returned {
    /// The buyer offers the goods back, naming the sale.
    fn offer_back(&self, kind: Change) -> Instruction {
        let World { payer, parcel, .. } = self.world;
        let terms = terms(kind, self.sequence);
        offer(payer, self.buyer, self.seller.partner, parcel, terms)
            .replacing(custody::ID, self.sale)
    }
}

#[test]
fn go_to_the_seller_in_the_sale_that_they_name() {
    let returned = returned();
    let instruction = returned.offer_back(Change::Return);
    let Returned {
        mut world,
        seller,
        buyer,
        sale,
        sequence,
    } = returned;
    let parcel = world.parcel;
    try_returns(
        &world,
        buyer,
        seller,
        Some(CustodyError::NotReturnsSupplier),
    );
    world.ledger.execute(&instruction);
    let offered = address::transfer(&parcel.consignment, sequence);
    let transfer: Transfer = world.ledger.read(offered);
    assert_eq!(transfer.reverses, sale);
    let acceptance = accept(seller, buyer.partner, parcel, sequence);
    world.ledger.execute(&acceptance);
    let consignment: Consignment = world.ledger.read(parcel.consignment);
    assert_eq!(consignment.owner, seller.gln);
}

#[test]
fn a_part_of_what_was_sold_may_go_back() {
    let Returned {
        mut world,
        seller,
        buyer,
        sale,
        ..
    } = returned();
    let parcel = world.parcel;
    let middle = {
        world.cut(buyer, parcel, 100);
        world.cut(buyer, parcel, 100)
    };
    let Consignment { sequence, .. } = world.ledger.read(middle.consignment);
    let terms = terms(Change::Return, sequence);
    let instruction =
        offer(world.payer, buyer, seller.partner, middle, terms).replacing(custody::ID, sale);
    world.ledger.execute(&instruction);
}

#[test]
fn refuses_what_is_not_the_sale_that_the_return_undoes() {
    const OTHER_SALES: [(State<Transfer>, CustodyError); 12] = [
        (
            |sale| sale.state = TransferState::Offered,
            CustodyError::NotReturnsTransfer,
        ),
        (
            |sale| sale.state = TransferState::Rejected,
            CustodyError::NotReturnsTransfer,
        ),
        (
            |sale| sale.state = TransferState::Cancelled,
            CustodyError::NotReturnsTransfer,
        ),
        (
            |sale| sale.state = TransferState::Expired,
            CustodyError::NotReturnsTransfer,
        ),
        (
            |sale| sale.kind = Change::Return,
            CustodyError::NotReturnsTransfer,
        ),
        (
            |sale| sale.kind = Change::Logistics,
            CustodyError::NotReturnsTransfer,
        ),
        (
            |sale| sale.kind = Change::Disposal,
            CustodyError::NotReturnsTransfer,
        ),
        (|sale| sale.from += 1, CustodyError::NotReturnsTransfer),
        (|sale| sale.to += 1, CustodyError::NotReturnsTransfer),
        (
            |sale| sale.lot = Address::default(),
            CustodyError::NotReturnsTransfer,
        ),
        (|sale| sale.first_unit = 1, CustodyError::NotReturnsTransfer),
        (|sale| sale.quantity -= 1, CustodyError::NotReturnsTransfer),
    ];
    let returned = returned();
    let instruction = returned.offer_back(Change::Return);
    refuse_states(
        &returned.world.ledger,
        &instruction,
        returned.sale,
        OTHER_SALES,
    );
}

#[test]
fn refuses_a_sale_named_by_what_is_no_return() {
    let mut returned = returned();
    for kind in [Change::Sale, Change::Logistics, Change::Disposal] {
        let instruction = returned.offer_back(kind);
        returned
            .world
            .ledger
            .refuse(&instruction, CustodyError::NotReturnsTransfer);
    }
}

#[test]
fn refuses_stand_ins_for_the_sale() {
    let mut returned = returned();
    let instruction = returned.offer_back(Change::Return);
    let sale = returned.sale;
    returned
        .world
        .ledger
        .refuse_stand_ins(&instruction, &[sale]);
}
