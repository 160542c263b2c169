use anchor_lang::{Address, solana_program::instruction::Instruction};
use custody::{CustodyError, Transfer, TransferState};
use pedigree_interface::{Goods, instruction::custody::expire};
use program_tests::world::World;

use crate::open_offer::{self, offered, refuses_another_offer, refuses_what_is_not_open};

/// Anybody ends the offer with sequence 0.
fn expire_first(world: &World, goods: Goods) -> Instruction {
    expire(goods.offered_by(world.manufacturer.gln))
}

/// A world in which the offer's last moment to accept has just passed.
fn lapsed() -> (World, Address) {
    let (mut world, transfer) = offered();
    let deadline = world.ledger.read::<Transfer>(transfer).deadline;
    world.ledger.set_time(deadline + 1);
    (world, transfer)
}

#[test]
fn leaves_custody_where_it_was() {
    let (mut world, transfer) = lapsed();
    let instruction = expire_first(&world, world.goods);
    open_offer::leaves_custody_where_it_was(&mut world, transfer, &instruction, |transfer| {
        transfer.state = TransferState::Expired;
        transfer.settled_at = transfer.deadline + 1;
    });
}

#[test]
fn refuses_before_the_deadline_has_passed() {
    let (mut world, transfer) = offered();
    let Transfer {
        offered_at,
        deadline,
        ..
    } = world.ledger.read(transfer);
    let instruction = expire_first(&world, world.goods);
    for moment in [offered_at, deadline - 1, deadline] {
        world.ledger.set_time(moment);
        world
            .ledger
            .refuse(&instruction, CustodyError::OfferNotLapsed);
    }
}

#[test]
fn refuses_offers_that_are_not_open() {
    refuses_what_is_not_open(&lapsed().0, expire_first);
}

#[test]
fn refuses_wrong_accounts() {
    let (mut world, transfer) = lapsed();
    let instruction = expire_first(&world, world.goods);
    world
        .ledger
        .refuse_stand_ins(&instruction, &[world.goods.consignment, transfer]);
    refuses_another_offer(&offered().0, expire_first);
}
