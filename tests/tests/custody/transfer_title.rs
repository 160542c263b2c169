use anchor_lang::solana_program::instruction::Instruction;
use custody::{Change, Consignment, CustodyError};
use pedigree_domain::Roles;
use program_tests::{
    instruction::{
        Alter,
        custody::{handoff, transfer_title},
    },
    world::{DOCUMENT, World},
};
use registry::Partner;

use crate::{
    NOT_HELD, RECEIVER_BARS, SENDER_BARS, refuse_immovable, refuse_other_signers, refuse_states,
    trail::link,
};

/// A world in which the manufacturer's parcel is with a provider.
fn stored() -> World {
    let mut world = World::new();
    let World {
        manufacturer,
        logistics,
        parcel,
        ..
    } = world;
    world.hand_over(manufacturer, logistics, parcel, Change::Logistics);
    world
}

/// The manufacturer sells the parcel to the wholesaler, and leaves it where it is.
fn sell(world: &World) -> Instruction {
    transfer_title(
        world.manufacturer,
        world.wholesaler,
        world.parcel,
        1,
        DOCUMENT,
    )
}

#[test]
fn changes_the_owner_and_not_the_custodian() {
    let mut world = stored();
    let World {
        manufacturer,
        wholesaler,
        logistics,
        parcel,
        ..
    } = world;
    let effect = world
        .ledger
        .effect(parcel.consignment, |consignment: &mut Consignment| {
            consignment.sequence = 2;
            consignment.owner = wholesaler.gln;
            consignment.supplier = manufacturer.gln;
            consignment.document = DOCUMENT;
            consignment.kind = Change::Title;
            consignment.trail = link(consignment);
            assert_eq!(consignment.custodian, logistics.gln);
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
        parcel,
        ..
    } = world;
    let first = sell(&world);
    world.ledger.execute(&first);
    let second = transfer_title(wholesaler, pharmacy, parcel, 2, DOCUMENT);
    world.after(&[second]);
    let back = Change::Return.code();
    let to_the_seller = handoff(logistics, manufacturer, parcel, back, 2, DOCUMENT);
    let to_the_owner = handoff(logistics, wholesaler, parcel, back, 2, DOCUMENT);
    for instruction in [to_the_seller, to_the_owner] {
        world.after(&[instruction]);
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
    for (bar, refusal) in SENDER_BARS {
        let mut world = stored();
        let site = world.manufacturer;
        bar(&mut world, site);
        let instruction = sell(&world);
        world.ledger.refuse(&instruction, refusal);
    }
    for (bar, refusal) in RECEIVER_BARS {
        let mut world = stored();
        let site = world.wholesaler;
        bar(&mut world, site);
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
        parcel,
        ..
    } = world;
    let to_the_provider = transfer_title(manufacturer, logistics, parcel, 1, DOCUMENT);
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
        parcel,
        ..
    } = world;
    for seller in [logistics, pharmacy] {
        let thief = transfer_title(seller, wholesaler, parcel, 1, DOCUMENT);
        world.ledger.refuse(&thief, CustodyError::SenderNotOwner);
    }
    let (instruction, sites) = (sell(&world), [world.manufacturer, wholesaler]);
    refuse_other_signers(&mut world.ledger, &instruction, &sites);
}

#[test]
fn refuses_one_site_on_both_sides() {
    let mut world = stored();
    let seller = world.manufacturer;
    let instruction = transfer_title(seller, seller, world.parcel, 1, DOCUMENT);
    world.ledger.refuse(&instruction, CustodyError::SamePartner);
}

#[test]
fn refuses_what_could_not_be_sold() {
    let world = stored();
    let (instruction, parcel) = (sell(&world), world.parcel);
    let consignment = parcel.consignment;
    refuse_states(&world.ledger, &instruction, consignment, NOT_HELD);
    let kind = Change::Sale;
    refuse_immovable(&world.ledger, &instruction, kind, parcel.lot, consignment);
}

#[test]
fn refuses_a_stale_sequence() {
    let mut world = stored();
    let (seller, buyer, parcel) = (world.manufacturer, world.wholesaler, world.parcel);
    for sequence in [0, 2, u32::MAX] {
        let instruction = transfer_title(seller, buyer, parcel, sequence, DOCUMENT);
        world
            .ledger
            .refuse(&instruction, CustodyError::StaleSequence);
    }
    world
        .ledger
        .edit(parcel.consignment, |consignment: &mut Consignment| {
            consignment.sequence = u32::MAX;
        });
    let last = transfer_title(seller, buyer, parcel, u32::MAX, DOCUMENT);
    world.ledger.refuse(&last, CustodyError::SequenceExhausted);
}

#[test]
fn refuses_wrong_accounts() {
    let mut world = stored();
    let World {
        manufacturer,
        wholesaler,
        parcel,
        other_parcel,
        ..
    } = world;
    let instruction = sell(&world);
    world.ledger.refuse_stand_ins(
        &instruction,
        &[
            manufacturer.partner,
            wholesaler.partner,
            parcel.lot,
            parcel.consignment,
        ],
    );
    let another_lot = instruction.replacing(parcel.lot, other_parcel.lot);
    world
        .ledger
        .refuse(&another_lot, CustodyError::NotConsignmentsLot);
}
