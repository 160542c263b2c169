//! What the four instructions that settle an offer refuse alike.

use anchor_lang::{Address, solana_program::instruction::Instruction};
use custody::{
    Consignment, ConsignmentStatus, CustodyError, Transfer, TransferKind, TransferState,
};
use program_tests::{
    address,
    instruction::Alter,
    world::{Parcel, World, terms},
};

/// A world in which the manufacturer has offered the parcel for sale to the wholesaler, and the
/// transfer's address.
pub(crate) fn offered() -> (World, Address) {
    offered_as(TransferKind::Sale)
}

/// The same with another kind of transfer.
pub(crate) fn offered_as(kind: TransferKind) -> (World, Address) {
    let mut world = World::new();
    let World {
        manufacturer,
        wholesaler,
        parcel,
        ..
    } = world;
    let transfer = world.offer(manufacturer, wholesaler, parcel, terms(kind, 0));
    (world, transfer)
}

/// Tries a settlement, made for a parcel whose offer has sequence 0, on offers that are not open.
pub(crate) fn refuses_what_is_not_open(
    world: &World,
    instruction: impl Fn(&World, Parcel) -> Instruction,
) {
    let parcel = world.parcel;
    let transfer = address::transfer(&parcel.consignment, 0);
    let genuine = instruction(world, parcel);

    for state in &TransferState::ALL[1..] {
        let mut ledger = world.ledger.clone();
        ledger.edit(transfer, |transfer: &mut Transfer| transfer.state = *state);
        ledger.refuse(&genuine, CustodyError::TransferSettled);
    }
    let mut ledger = world.ledger.clone();
    ledger.edit(parcel.consignment, |consignment: &mut Consignment| {
        consignment.status = ConsignmentStatus::Held;
    });
    ledger.refuse(&genuine, CustodyError::ConsignmentNotOffered);
    for sequence in [0, 2, u32::MAX] {
        let mut ledger = world.ledger.clone();
        ledger.edit(parcel.consignment, |consignment: &mut Consignment| {
            consignment.sequence = sequence;
        });
        ledger.refuse(&genuine, CustodyError::NotConsignmentsTransfer);
    }
}

/// Tries a settlement of one lot's consignment with the open offer of another's.
pub(crate) fn refuses_another_offer(
    world: &World,
    instruction: impl Fn(&World, Parcel) -> Instruction,
) {
    let mut world = world.clone();
    let World {
        manufacturer,
        wholesaler,
        parcel,
        other_parcel,
        ..
    } = world;
    world.offer(
        manufacturer,
        wholesaler,
        other_parcel,
        terms(TransferKind::Sale, 0),
    );
    for (parcel, other) in [(parcel, other_parcel), (other_parcel, parcel)] {
        let transfer = address::transfer(&parcel.consignment, 0);
        let other_transfer = address::transfer(&other.consignment, 0);
        let mixed = instruction(&world, parcel).replacing(transfer, other_transfer);
        world
            .ledger
            .refuse(&mixed, CustodyError::NotConsignmentsTransfer);
    }
}
