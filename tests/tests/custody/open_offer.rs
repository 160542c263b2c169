//! What the instructions that settle an offer refuse alike.

use anchor_lang::{Address, solana_program::instruction::Instruction};
use custody::{Consignment, ConsignmentStatus, CustodyError, Transfer, TransferState};
use pedigree_interface::{Goods, Site, TransferKind};
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

/// Tries a settlement, made for goods whose offer has sequence 0, on offers that are not open.
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

/// Tries a settlement of one lot's consignment with the open offer of another's.
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
