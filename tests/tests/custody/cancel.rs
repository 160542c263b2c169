use anchor_lang::solana_program::instruction::Instruction;
use custody::{CustodyError, TransferState};
use pedigree_interface::{Goods, instruction::custody::cancel};
use program_tests::{ledger::NOW, world::World};

use crate::{
    open_offer::{self, offered, refuses_another_offer, refuses_what_is_not_open},
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
    let instruction = cancel_first(&world, world.goods);
    open_offer::leaves_custody_where_it_was(&mut world, transfer, &instruction, |transfer| {
        transfer.state = TransferState::Cancelled;
        transfer.settled_at = NOW + 60;
    });
}

#[test]
fn needs_no_valid_licence() {
    open_offer::needs_no_valid_licence(|world| world.manufacturer, cancel_first);
}

#[test]
fn refuses_offers_that_are_not_open() {
    refuses_what_is_not_open(&offered().0, cancel_first);
}

#[test]
fn refuses_an_accepted_offer() {
    open_offer::refuses_an_accepted_offer(cancel_first);
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
