//! Where goods may go back to: to who sold them to their owner, to the owner, to the manufacturer,
//! or to the seller in a sale that the offer names.

use anchor_lang::{Address, solana_program::instruction::Instruction};
use custody::{Change, Consignment, CustodyError, Restrictions, Transfer, TransferState};
use pedigree_domain::Roles;
use pedigree_interface::{
    Site, TransferKind,
    instruction::custody::{OfferTerms, accept, handoff, offer},
};
use program_tests::{
    address,
    world::{DOCUMENT, World, terms},
};

use crate::{State, expect, refuse_states};

/// Tries to return the goods in both ways, handed over and offered.
#[track_caller]
fn try_returns(world: &World, from: Site, to: Site, refusal: Option<CustodyError>) {
    let World { payer, goods, .. } = *world;
    let goods = world.now(goods);
    let kind = TransferKind::Return;
    for instruction in [
        handoff(from, to, goods, kind, Some(DOCUMENT)),
        offer(payer, from, to.gln, goods, terms(kind)),
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
        goods,
        ..
    } = world;
    let elsewhere = Some(CustodyError::NotReturnsSupplier);
    try_returns(&world, manufacturer, wholesaler, elsewhere);

    world.hand_over(manufacturer, wholesaler, goods, TransferKind::Sale);
    try_returns(&world, wholesaler, manufacturer, None);
    try_returns(&world, wholesaler, other_manufacturer, elsewhere);

    let mut stored = world.clone();
    stored.hand_over(wholesaler, logistics, goods, TransferKind::Logistics);
    try_returns(&stored, logistics, wholesaler, None);
    try_returns(&stored, logistics, manufacturer, None);
    try_returns(&stored, logistics, other_manufacturer, elsewhere);

    world.hand_over(wholesaler, pharmacy, goods, TransferKind::Sale);
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
    world.hand_over(pharmacy, wholesaler, goods, TransferKind::Return);
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
        goods,
        ..
    } = world;
    world.hand_over(manufacturer, wholesaler, goods, TransferKind::Sale);
    world.hand_over(wholesaler, logistics, goods, TransferKind::Logistics);
    world.hand_over(logistics, wholesaler, goods, TransferKind::Return);
    let consignment: Consignment = world.ledger.read(goods.consignment);
    assert_eq!(consignment.custodian, wholesaler.gln.number());
    assert_eq!(consignment.owner, wholesaler.gln.number());
    assert_eq!(consignment.supplier, manufacturer.gln.number());
    assert_eq!(consignment.restrictions, Restrictions::RETURNED.bits());
}

/// Goods that one wholesaler sold to another, and that were sold on and returned: the consignment no
/// longer says who sold them to the second.
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
        goods,
        ..
    } = world;
    world.license(buyer, Roles::WHOLESALER);
    world.hand_over(manufacturer, seller, goods, TransferKind::Sale);
    let sale = world.offer(seller, buyer, goods.at(1), terms(TransferKind::Sale));
    let acceptance = accept(buyer, goods.at(1).offered_by(seller.gln));
    world.ledger.execute(&acceptance);
    world.hand_over(buyer, pharmacy, goods, TransferKind::Sale);
    world.hand_over(pharmacy, buyer, goods, TransferKind::Return);
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
    fn offer_back(&self, kind: TransferKind) -> Instruction {
        let World { payer, goods, .. } = self.world;
        let terms = self.naming_the_sale(kind);
        let goods = goods.at(self.sequence);
        offer(payer, self.buyer, self.seller.gln, goods, terms)
    }

    fn naming_the_sale(&self, kind: TransferKind) -> OfferTerms {
        OfferTerms {
            reverses: Some(self.sale),
            ..terms(kind)
        }
    }
}

#[test]
fn go_to_the_seller_in_the_sale_that_they_name() {
    let returned = returned();
    let instruction = returned.offer_back(TransferKind::Return);
    let Returned {
        mut world,
        seller,
        buyer,
        sale,
        sequence,
    } = returned;
    let goods = world.goods;
    try_returns(
        &world,
        buyer,
        seller,
        Some(CustodyError::NotReturnsSupplier),
    );
    world.ledger.execute(&instruction);
    let offered = address::transfer(&goods.consignment, sequence);
    let transfer: Transfer = world.ledger.read(offered);
    assert_eq!(transfer.reverses, sale);
    let acceptance = accept(seller, goods.at(sequence).offered_by(buyer.gln));
    world.ledger.execute(&acceptance);
    let consignment: Consignment = world.ledger.read(goods.consignment);
    assert_eq!(consignment.owner, seller.gln.number());
}

#[test]
fn a_part_of_what_was_sold_may_go_back() {
    let returned = returned();
    let terms = returned.naming_the_sale(TransferKind::Return);
    let Returned {
        mut world,
        seller,
        buyer,
        ..
    } = returned;
    let goods = world.goods;
    let middle = {
        world.cut(buyer, goods, 100);
        world.cut(buyer, goods, 100)
    };
    let instruction = offer(world.payer, buyer, seller.gln, middle, terms);
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
    let instruction = returned.offer_back(TransferKind::Return);
    refuse_states(
        &returned.world.ledger,
        &instruction,
        returned.sale,
        OTHER_SALES,
    );
}

#[test]
fn refuses_a_sale_named_by_anything_but_a_return() {
    let mut returned = returned();
    for kind in [
        TransferKind::Sale,
        TransferKind::Logistics,
        TransferKind::Disposal,
    ] {
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
    let instruction = returned.offer_back(TransferKind::Return);
    let sale = returned.sale;
    returned
        .world
        .ledger
        .refuse_stand_ins(&instruction, &[sale]);
}
