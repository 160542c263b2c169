use anchor_lang::solana_program::instruction::Instruction;
use custody::{Consignment, ConsignmentStatus, CustodyError, Transfer, TransferState};
use pedigree_interface::{
    Goods,
    instruction::custody::{accept, cancel},
};
use program_tests::{ledger::NOW, world::World};

use crate::{
    open_offer::{offered, refuses_another_offer, refuses_what_is_not_open},
    refuse_other_signers,
};

/// The manufacturer takes the offer with sequence 0 back.
fn cancel_first(world: &World, goods: Goods) -> Instruction {
    cancel(world.manufacturer, goods.offered_by(world.manufacturer.gln))
}

#[test]
fn leaves_custody_where_it_was() {
    let (mut world, transfer) = offered();
    world.ledger.set_time(NOW + 60);
    let effects = [
        world
            .ledger
            .effect(world.goods.consignment, |consignment: &mut Consignment| {
                consignment.status = ConsignmentStatus::Held;
            }),
        world.ledger.effect(transfer, |transfer: &mut Transfer| {
            transfer.state = TransferState::Cancelled;
            transfer.settled_at = NOW + 60;
        }),
    ];
    let instruction = cancel_first(&world, world.goods);
    world.ledger.execute_with_effects(&instruction, &effects);
}

#[test]
fn needs_no_valid_licence() {
    for bar in [World::suspend, World::revoke, World::lapse] {
        let (mut world, _) = offered();
        let site = world.manufacturer;
        bar(&mut world, site);
        let instruction = cancel_first(&world, world.goods);
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
        goods,
        ..
    } = world;
    world
        .ledger
        .execute(&accept(wholesaler, goods.offered_by(manufacturer.gln)));
    let instruction = cancel_first(&world, goods);
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
        goods,
        ..
    } = world;
    for other in [wholesaler, pharmacy] {
        let instruction = cancel(other, goods.offered_by(other.gln));
        world
            .ledger
            .refuse(&instruction, CustodyError::NotTransfersSender);
    }
    let instruction = cancel_first(&world, goods);
    refuse_other_signers(&mut world.ledger, &instruction, &[manufacturer]);
}

#[test]
fn refuses_wrong_accounts() {
    let (mut world, transfer) = offered();
    let World {
        manufacturer,
        goods,
        ..
    } = world;
    let instruction = cancel_first(&world, goods);
    let accounts = [manufacturer.partner, goods.consignment, transfer];
    world.ledger.refuse_stand_ins(&instruction, &accounts);
    refuses_another_offer(&world, cancel_first);
}
