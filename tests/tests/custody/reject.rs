use anchor_lang::solana_program::instruction::Instruction;
use custody::{CustodyError, ExceptionCode, TransferState};
use pedigree_interface::{Goods, instruction::custody::reject};
use program_tests::{ledger::NOW, world::World};

use crate::{
    open_offer::{self, offered, refuses_another_offer, refuses_what_is_not_open},
    refuse_other_signers,
};

/// The wholesaler rejects the offer with sequence 0.
fn reject_first(world: &World, goods: Goods) -> Instruction {
    reject(
        world.wholesaler,
        goods.offered_by(world.manufacturer.gln),
        ExceptionCode::Damage,
    )
}

#[test]
fn leaves_custody_where_it_was_and_records_why() {
    for &exception in &ExceptionCode::ALL[1..] {
        let (mut world, transfer) = offered();
        world.ledger.set_time(NOW + 60);
        let offer = world.goods.offered_by(world.manufacturer.gln);
        let instruction = reject(world.wholesaler, offer, exception);
        open_offer::leaves_custody_where_it_was(&mut world, transfer, &instruction, |transfer| {
            transfer.state = TransferState::Rejected;
            transfer.exception = exception;
            transfer.settled_at = NOW + 60;
        });
    }
}

#[test]
fn needs_no_valid_licence() {
    open_offer::needs_no_valid_licence(|world| world.wholesaler, reject_first);
}

#[test]
fn refuses_unknown_exceptions() {
    let (mut world, _) = offered();
    for exception in [0, 9, 255] {
        let instruction = reject(
            world.wholesaler,
            world.goods.offered_by(world.manufacturer.gln),
            ExceptionCode::from_code(exception),
        );
        world
            .ledger
            .refuse(&instruction, CustodyError::InvalidException);
    }
}

#[test]
fn refuses_offers_that_are_not_open() {
    refuses_what_is_not_open(&offered().0, reject_first);
}

#[test]
fn refuses_an_accepted_offer() {
    open_offer::refuses_an_accepted_offer(reject_first);
}

#[test]
fn refuses_anybody_but_the_receiver() {
    let (mut world, _) = offered();
    let World {
        manufacturer,
        wholesaler,
        pharmacy,
        goods,
        ..
    } = world;
    for other in [manufacturer, pharmacy] {
        let offered = goods.offered_by(manufacturer.gln);
        let instruction = reject(other, offered, ExceptionCode::Damage);
        world
            .ledger
            .refuse(&instruction, CustodyError::NotTransfersReceiver);
    }
    let instruction = reject_first(&world, goods);
    refuse_other_signers(&mut world.ledger, &instruction, &[wholesaler]);
}

#[test]
fn refuses_wrong_accounts() {
    let (mut world, transfer) = offered();
    let World {
        wholesaler, goods, ..
    } = world;
    let instruction = reject_first(&world, goods);
    let accounts = [wholesaler.partner, goods.consignment, transfer];
    world.ledger.refuse_stand_ins(&instruction, &accounts);
    refuses_another_offer(&world, reject_first);
}
