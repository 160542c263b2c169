//! What the instructions that settle an offer have in common.

use anchor_lang::{Address, solana_program::instruction::Instruction};
use custody::{Consignment, ConsignmentStatus, CustodyError, Transfer, TransferState};
use pedigree_interface::{Goods, Site, TransferKind, instruction::custody::accept};
use program_tests::{
    address,
    alter::Alter,
    world::{World, terms},
};

use crate::ready;

/// A world in which the manufacturer has offered the goods for sale to the wholesaler, and the
/// transfer's address.
pub(crate) fn offered() -> (World, Address) {
    let OpenOffer {
        world, transfer, ..
    } = offered_as(TransferKind::Sale);
    (world, transfer)
}

/// An open offer of the world's goods.
pub(crate) struct OpenOffer {
    pub(crate) world: World,
    pub(crate) from: Site,
    pub(crate) to: Site,
    pub(crate) transfer: Address,
}

/// The offer of a transfer of this kind.
pub(crate) fn offered_as(kind: TransferKind) -> OpenOffer {
    let (mut world, from, to) = ready(kind);
    let goods = world.goods;
    let transfer = world.offer(from, to, goods, terms(kind));
    OpenOffer {
        world,
        from,
        to,
        transfer,
    }
}

/// Expects refusals to settle offers that are not open; their goods were offered at sequence 0.
pub(crate) fn refuses_what_is_not_open(
    world: &World,
    instruction: impl Fn(&World, Goods) -> Instruction,
) {
    let goods = world.goods;
    let transfer = address::transfer(&goods.consignment, 0);
    let genuine = instruction(world, goods);

    for state in &TransferState::ALL[1..] {
        let mut ledger = world.ledger.clone();
        ledger.edit(transfer, |transfer: &mut Transfer| transfer.state = *state);
        ledger.refuse(&genuine, CustodyError::TransferSettled);
    }
    for status in ConsignmentStatus::ALL {
        if *status != ConsignmentStatus::Offered {
            let mut ledger = world.ledger.clone();
            ledger.edit(goods.consignment, |consignment: &mut Consignment| {
                consignment.status = *status;
            });
            ledger.refuse(&genuine, CustodyError::ConsignmentNotOffered);
        }
    }
    for sequence in [0, 2, u32::MAX] {
        let mut ledger = world.ledger.clone();
        ledger.edit(goods.consignment, |consignment: &mut Consignment| {
            consignment.sequence = sequence;
        });
        ledger.refuse(&genuine, CustodyError::NotConsignmentsTransfer);
    }
}

/// Expects an offer to end with its goods where they were, and `end` to be all that happens to the
/// transfer.
#[track_caller]
pub(crate) fn leaves_custody_where_it_was(
    world: &mut World,
    transfer: Address,
    instruction: &Instruction,
    end: impl FnOnce(&mut Transfer),
) {
    let effects = [
        world
            .ledger
            .effect(world.goods.consignment, |consignment: &mut Consignment| {
                consignment.status = ConsignmentStatus::Held;
            }),
        world.ledger.effect(transfer, end),
    ];
    world.ledger.execute_with_effects(instruction, &effects);
}

/// Expects a site that may no longer trade to settle an offer.
pub(crate) fn needs_no_valid_licence(
    site: fn(&World) -> Site,
    instruction: impl Fn(&World, Goods) -> Instruction,
) {
    for disqualify in [World::suspend, World::revoke, World::lapse] {
        let (mut world, _) = offered();
        let site = site(&world);
        disqualify(&mut world, site);
        let instruction = instruction(&world, world.goods);
        world.ledger.execute(&instruction);
    }
}

/// Expects a refusal to settle an offer that was accepted.
pub(crate) fn refuses_an_accepted_offer(instruction: impl Fn(&World, Goods) -> Instruction) {
    let (mut world, _) = offered();
    let World {
        manufacturer,
        wholesaler,
        goods,
        ..
    } = world;
    let acceptance = accept(wholesaler, goods.offered_by(manufacturer.gln));
    world.ledger.execute(&acceptance);
    let instruction = instruction(&world, goods);
    world
        .ledger
        .refuse(&instruction, CustodyError::TransferSettled);
}

/// Expects a refusal to settle the offer of one lot's consignment with that of another's.
pub(crate) fn refuses_another_offer(
    world: &World,
    instruction: impl Fn(&World, Goods) -> Instruction,
) {
    let mut world = world.clone();
    let World {
        manufacturer,
        wholesaler,
        goods,
        other_goods,
        ..
    } = world;
    world.offer(
        manufacturer,
        wholesaler,
        other_goods,
        terms(TransferKind::Sale),
    );
    for (goods, other) in [(goods, other_goods), (other_goods, goods)] {
        let transfer = address::transfer(&goods.consignment, 0);
        let other_transfer = address::transfer(&other.consignment, 0);
        let mixed = instruction(&world, goods).replacing(transfer, other_transfer);
        world
            .ledger
            .refuse(&mixed, CustodyError::NotConsignmentsTransfer);
    }
}
