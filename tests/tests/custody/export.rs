use anchor_lang::solana_program::instruction::Instruction;
use custody::{Change, ConsignmentStatus, CustodyError};
use pedigree_interface::{TransferKind, instruction::custody::export};
use program_tests::{
    alter::Alter,
    world::{DOCUMENT, World},
};

use crate::{
    INELIGIBLE_SENDERS, NOT_HELD, refuse_immovable, refuse_other_sequences, refuse_other_signers,
    refuse_states, withdraw,
};

/// The manufacturer sends the goods abroad.
fn export_goods(world: &World) -> Instruction {
    export(world.manufacturer, world.goods, Some(DOCUMENT))
}

#[test]
fn takes_the_units_out_of_the_chain() {
    let (kind, status) = (Change::Export, ConsignmentStatus::Exported);
    withdraw::takes_the_units_out_of_the_chain(export_goods, kind, status);
}

#[test]
fn refuses_an_exporter_that_may_not_trade() {
    for (disqualify, refusal) in INELIGIBLE_SENDERS {
        let mut world = World::new();
        let site = world.manufacturer;
        disqualify(&mut world, site);
        let instruction = export_goods(&world);
        world.ledger.refuse(&instruction, refusal);
    }
}

#[test]
fn refuses_to_export_what_another_owns() {
    let mut world = World::new();
    let World {
        manufacturer,
        logistics,
        goods,
        ..
    } = world;
    world.hand_over(manufacturer, logistics, goods, TransferKind::Logistics);
    let provider = export(logistics, goods.at(1), Some(DOCUMENT));
    world.ledger.refuse(&provider, CustodyError::SenderNotOwner);
    let owner = export(manufacturer, goods.at(1), Some(DOCUMENT));
    world.ledger.refuse(&owner, CustodyError::NotCustodian);
}

#[test]
fn refuses_what_could_not_be_sold() {
    let world = World::new();
    let (instruction, goods) = (export_goods(&world), world.goods);
    let consignment = goods.consignment;
    refuse_states(&world.ledger, &instruction, consignment, NOT_HELD);
    let kind = TransferKind::Sale;
    refuse_immovable(&world.ledger, &instruction, kind, goods.lot, consignment);
}

#[test]
fn refuses_a_stale_sequence() {
    let world = World::new();
    refuse_other_sequences(&world.ledger, world.goods, |goods| {
        export(world.manufacturer, goods, Some(DOCUMENT))
    });
}

#[test]
fn refuses_anybody_but_the_custodian() {
    let mut world = World::new();
    let thief = export(world.wholesaler, world.goods, Some(DOCUMENT));
    world.ledger.refuse(&thief, CustodyError::NotCustodian);
    let (instruction, manufacturer) = (export_goods(&world), world.manufacturer);
    refuse_other_signers(&mut world.ledger, &instruction, &[manufacturer]);
}

#[test]
fn refuses_wrong_accounts() {
    let mut world = World::new();
    let World {
        manufacturer,
        goods,
        other_goods,
        ..
    } = world;
    let instruction = export_goods(&world);
    let accounts = [manufacturer.partner, goods.lot, goods.consignment];
    world.ledger.refuse_stand_ins(&instruction, &accounts);
    let another_lot = instruction.replacing(goods.lot, other_goods.lot);
    world
        .ledger
        .refuse(&another_lot, CustodyError::NotConsignmentsLot);
}
