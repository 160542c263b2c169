use anchor_lang::solana_program::instruction::Instruction;
use custody::{Change, Consignment, CustodyError};
use pedigree_domain::Roles;
use pedigree_interface::{
    TransferKind,
    instruction::custody::{handoff, transfer_title},
};
use program_tests::{
    alter::Alter,
    world::{DOCUMENT, World},
};
use registry::Partner;

use crate::{
    INELIGIBLE_RECEIVERS, INELIGIBLE_SENDERS, NOT_HELD, refuse_immovable, refuse_other_sequences,
    refuse_other_signers, refuse_states, trail::link,
};

/// A world in which the manufacturer's goods are with a provider.
fn stored() -> World {
    let mut world = World::new();
    let World {
        manufacturer,
        logistics,
        goods,
        ..
    } = world;
    world.hand_over(manufacturer, logistics, goods, TransferKind::Logistics);
    world.goods = world.now(goods);
    world
}

/// The manufacturer sells the goods to the wholesaler, and leaves them where they are.
fn sell(world: &World) -> Instruction {
    transfer_title(
        world.manufacturer,
        world.wholesaler,
        world.goods,
        Some(DOCUMENT),
    )
}

#[test]
fn changes_the_owner_and_not_the_custodian() {
    let mut world = stored();
    let World {
        manufacturer,
        wholesaler,
        logistics,
        goods,
        ..
    } = world;
    let effect = world
        .ledger
        .effect(goods.consignment, |consignment: &mut Consignment| {
            consignment.sequence = 2;
            consignment.owner = wholesaler.gln.number();
            consignment.supplier = manufacturer.gln.number();
            consignment.document_hash = DOCUMENT;
            consignment.kind = Change::Title;
            consignment.trail = link(consignment);
            assert_eq!(consignment.custodian, logistics.gln.number());
        });
    let instruction = sell(&world);
    world.ledger.execute_with_effects(&instruction, &[effect]);
}

#[test]
fn the_new_owner_sells_on_and_sends_back() {
    let mut world = stored();
    let World {
        manufacturer,
        wholesaler,
        logistics,
        pharmacy,
        goods,
        ..
    } = world;
    let first = sell(&world);
    world.ledger.execute(&first);
    let second = transfer_title(wholesaler, pharmacy, world.now(goods), Some(DOCUMENT));
    world.after(&[second]);
    let back = TransferKind::Return;
    for to in [manufacturer, wholesaler] {
        world.after(&[handoff(
            logistics,
            to,
            world.now(goods),
            back,
            Some(DOCUMENT),
        )]);
    }
}

#[test]
fn one_key_may_sign_for_both_sites() {
    let mut world = stored();
    let (seller, buyer) = (world.manufacturer, world.wholesaler);
    world.ledger.edit(buyer.partner, |partner: &mut Partner| {
        partner.authority = seller.key;
    });
    let instruction = sell(&world).replacing(buyer.key, seller.key);
    world.ledger.execute(&instruction);
}

#[test]
fn refuses_either_side_that_may_not_trade() {
    for (disqualify, refusal) in INELIGIBLE_SENDERS {
        let mut world = stored();
        let site = world.manufacturer;
        disqualify(&mut world, site);
        let instruction = sell(&world);
        world.ledger.refuse(&instruction, refusal);
    }
    for (disqualify, refusal) in INELIGIBLE_RECEIVERS {
        let mut world = stored();
        let site = world.wholesaler;
        disqualify(&mut world, site);
        let instruction = sell(&world);
        world.ledger.refuse(&instruction, refusal);
    }
}

#[test]
fn refuses_sites_that_may_not_own() {
    let mut world = stored();
    let World {
        manufacturer,
        logistics,
        goods,
        ..
    } = world;
    let to_the_provider = transfer_title(manufacturer, logistics, goods, Some(DOCUMENT));
    world
        .ledger
        .refuse(&to_the_provider, CustodyError::ReceiverRole);
    world.license(manufacturer, Roles::LOGISTICS);
    let instruction = sell(&world);
    world.ledger.refuse(&instruction, CustodyError::SenderRole);
}

#[test]
fn refuses_anybody_but_the_owner() {
    let mut world = stored();
    let World {
        wholesaler,
        logistics,
        pharmacy,
        goods,
        ..
    } = world;
    for seller in [logistics, pharmacy] {
        let thief = transfer_title(seller, wholesaler, goods, Some(DOCUMENT));
        world.ledger.refuse(&thief, CustodyError::SenderNotOwner);
    }
    let (instruction, sites) = (sell(&world), [world.manufacturer, wholesaler]);
    refuse_other_signers(&mut world.ledger, &instruction, &sites);
}

#[test]
fn refuses_one_site_on_both_sides() {
    let mut world = stored();
    let seller = world.manufacturer;
    let instruction = transfer_title(seller, seller, world.goods, Some(DOCUMENT));
    world.ledger.refuse(&instruction, CustodyError::SamePartner);
}

#[test]
fn refuses_what_could_not_be_sold() {
    let world = stored();
    let (instruction, goods) = (sell(&world), world.goods);
    let consignment = goods.consignment;
    refuse_states(&world.ledger, &instruction, consignment, NOT_HELD);
    let kind = TransferKind::Sale;
    refuse_immovable(&world.ledger, &instruction, kind, goods.lot, consignment);
}

#[test]
fn refuses_a_stale_sequence() {
    let world = stored();
    refuse_other_sequences(&world.ledger, world.goods, |goods| {
        transfer_title(world.manufacturer, world.wholesaler, goods, Some(DOCUMENT))
    });
}

#[test]
fn refuses_wrong_accounts() {
    let mut world = stored();
    let World {
        manufacturer,
        wholesaler,
        goods,
        other_goods,
        ..
    } = world;
    let instruction = sell(&world);
    world.ledger.refuse_stand_ins(
        &instruction,
        &[
            manufacturer.partner,
            wholesaler.partner,
            goods.lot,
            goods.consignment,
        ],
    );
    let another_lot = instruction.replacing(goods.lot, other_goods.lot);
    world
        .ledger
        .refuse(&another_lot, CustodyError::NotConsignmentsLot);
}
