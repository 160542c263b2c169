use anchor_lang::solana_program::instruction::Instruction;
use custody::{Consignment, ConsignmentStatus, CustodyError, Transfer, TransferState};
use program_tests::{
    instruction::custody::{accept, cancel},
    ledger::NOW,
    world::{Parcel, World},
};

use crate::{
    open_offer::{offered, refuses_another_offer, refuses_what_is_not_open},
    refuse_other_signers,
};

/// The manufacturer takes the offer with sequence 0 back.
fn cancel_first(world: &World, parcel: Parcel) -> Instruction {
    cancel(world.manufacturer, parcel.consignment, 0)
}

#[test]
fn leaves_custody_where_it_was() {
    let (mut world, transfer) = offered();
    world.ledger.set_time(NOW + 60);
    let effects = [
        world
            .ledger
            .effect(world.parcel.consignment, |consignment: &mut Consignment| {
                consignment.status = ConsignmentStatus::Held;
            }),
        world.ledger.effect(transfer, |transfer: &mut Transfer| {
            transfer.state = TransferState::Cancelled;
            transfer.settled_at = NOW + 60;
        }),
    ];
    let instruction = cancel_first(&world, world.parcel);
    world.ledger.execute_with_effects(&instruction, &effects);
}

#[test]
fn needs_no_valid_licence() {
    for bar in [World::suspend, World::revoke, World::lapse] {
        let (mut world, _) = offered();
        let site = world.manufacturer;
        bar(&mut world, site);
        let instruction = cancel_first(&world, world.parcel);
        world.ledger.execute(&instruction);
    }
}

#[test]
fn refuses_offers_that_are_not_open() {
    refuses_what_is_not_open(&offered().0, cancel_first);
}

#[test]
fn refuses_an_accepted_offer() {
    let (mut world, _) = offered();
    let World {
        manufacturer,
        wholesaler,
        parcel,
        ..
    } = world;
    world
        .ledger
        .execute(&accept(wholesaler, manufacturer.partner, parcel, 0));
    let instruction = cancel_first(&world, parcel);
    world
        .ledger
        .refuse(&instruction, CustodyError::TransferSettled);
}

#[test]
fn refuses_anybody_but_the_sender() {
    let (mut world, _) = offered();
    let World {
        manufacturer,
        wholesaler,
        pharmacy,
        parcel,
        ..
    } = world;
    for other in [wholesaler, pharmacy] {
        let instruction = cancel(other, parcel.consignment, 0);
        world
            .ledger
            .refuse(&instruction, CustodyError::NotTransfersSender);
    }
    let instruction = cancel_first(&world, parcel);
    refuse_other_signers(&mut world.ledger, &instruction, &[manufacturer]);
}

#[test]
fn refuses_wrong_accounts() {
    let (mut world, transfer) = offered();
    let World {
        manufacturer,
        parcel,
        ..
    } = world;
    let instruction = cancel_first(&world, parcel);
    let accounts = [manufacturer.partner, parcel.consignment, transfer];
    world.ledger.refuse_stand_ins(&instruction, &accounts);
    refuses_another_offer(&world, cancel_first);
}
