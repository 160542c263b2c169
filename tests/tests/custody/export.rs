use anchor_lang::solana_program::instruction::Instruction;
use custody::{Change, Consignment, ConsignmentStatus, CustodyError};
use program_tests::{
    instruction::{
        Alter,
        custody::{export, pack},
    },
    occasion::SSCC,
    world::{DOCUMENT, World},
};

use crate::{
    NOT_HELD, SENDER_BARS, refuse_immovable, refuse_other_signers, refuse_states, trail::link,
};

/// The manufacturer sends the parcel abroad.
fn export_parcel(world: &World) -> Instruction {
    export(world.manufacturer, world.parcel, 0, DOCUMENT)
}

#[test]
fn takes_the_units_out_of_the_chain() {
    let mut world = World::new();
    let consignment = world.parcel.consignment;
    let packing = pack(world.manufacturer, consignment, SSCC);
    world.ledger.execute(&packing);
    let effect = world
        .ledger
        .effect(consignment, |consignment: &mut Consignment| {
            consignment.sequence = 1;
            consignment.sscc = 0;
            consignment.status = ConsignmentStatus::Exported;
            consignment.document = DOCUMENT;
            consignment.kind = Change::Export;
            consignment.trail = link(consignment);
        });
    let instruction = export_parcel(&world);
    world.ledger.execute_with_effects(&instruction, &[effect]);
}

#[test]
fn refuses_an_exporter_that_may_not_trade() {
    for (bar, refusal) in SENDER_BARS {
        let mut world = World::new();
        let site = world.manufacturer;
        bar(&mut world, site);
        let instruction = export_parcel(&world);
        world.ledger.refuse(&instruction, refusal);
    }
}

#[test]
fn refuses_to_export_what_another_owns() {
    let mut world = World::new();
    let World {
        manufacturer,
        logistics,
        parcel,
        ..
    } = world;
    world.hand_over(manufacturer, logistics, parcel, Change::Logistics);
    let provider = export(logistics, parcel, 1, DOCUMENT);
    world.ledger.refuse(&provider, CustodyError::SenderNotOwner);
    let owner = export(manufacturer, parcel, 1, DOCUMENT);
    world.ledger.refuse(&owner, CustodyError::NotCustodian);
}

#[test]
fn refuses_what_could_not_be_sold() {
    let world = World::new();
    let (instruction, parcel) = (export_parcel(&world), world.parcel);
    let consignment = parcel.consignment;
    refuse_states(&world.ledger, &instruction, consignment, NOT_HELD);
    let kind = Change::Sale;
    refuse_immovable(&world.ledger, &instruction, kind, parcel.lot, consignment);
}

#[test]
fn refuses_a_stale_sequence() {
    let mut world = World::new();
    for sequence in [1, u32::MAX] {
        let instruction = export(world.manufacturer, world.parcel, sequence, DOCUMENT);
        world
            .ledger
            .refuse(&instruction, CustodyError::StaleSequence);
    }
    world
        .ledger
        .edit(world.parcel.consignment, |consignment: &mut Consignment| {
            consignment.sequence = u32::MAX;
        });
    let last = export(world.manufacturer, world.parcel, u32::MAX, DOCUMENT);
    world.ledger.refuse(&last, CustodyError::SequenceExhausted);
}

#[test]
fn refuses_anybody_but_the_custodian() {
    let mut world = World::new();
    let thief = export(world.wholesaler, world.parcel, 0, DOCUMENT);
    world.ledger.refuse(&thief, CustodyError::NotCustodian);
    let (instruction, manufacturer) = (export_parcel(&world), world.manufacturer);
    refuse_other_signers(&mut world.ledger, &instruction, &[manufacturer]);
}

#[test]
fn refuses_wrong_accounts() {
    let mut world = World::new();
    let World {
        manufacturer,
        parcel,
        other_parcel,
        ..
    } = world;
    let instruction = export_parcel(&world);
    let accounts = [manufacturer.partner, parcel.lot, parcel.consignment];
    world.ledger.refuse_stand_ins(&instruction, &accounts);
    let another_lot = instruction.replacing(parcel.lot, other_parcel.lot);
    world
        .ledger
        .refuse(&another_lot, CustodyError::NotConsignmentsLot);
}
