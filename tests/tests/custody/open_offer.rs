//! What the instructions that settle an offer refuse alike.

use anchor_lang::{Address, solana_program::instruction::Instruction};
use custody::{Change, Consignment, ConsignmentStatus, CustodyError, Transfer, TransferState};
use program_tests::{
    address,
    instruction::Alter,
    world::{Parcel, Site, World, terms},
};

use crate::ready;

/// A world in which the manufacturer has offered the parcel for sale to the wholesaler, and the
/// transfer's address.
pub(crate) fn offered() -> (World, Address) {
    let Offered {
        world, transfer, ..
    } = offered_as(Change::Sale);
    (world, transfer)
}

/// An open offer of the world's parcel.
pub(crate) struct Offered {
    pub(crate) world: World,
    pub(crate) from: Site,
    pub(crate) to: Site,
    pub(crate) sequence: u32,
    pub(crate) transfer: Address,
}

/// The offer of a transfer of this kind.
pub(crate) fn offered_as(kind: Change) -> Offered {
    let (mut world, from, to, sequence) = ready(kind);
    let parcel = world.parcel;
    let transfer = world.offer(from, to, parcel, terms(kind, sequence));
    Offered {
        world,
        from,
        to,
        sequence,
        transfer,
    }
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
    for status in ConsignmentStatus::ALL {
        if *status != ConsignmentStatus::Offered {
            let mut ledger = world.ledger.clone();
            ledger.edit(parcel.consignment, |consignment: &mut Consignment| {
                consignment.status = *status;
            });
            ledger.refuse(&genuine, CustodyError::ConsignmentNotOffered);
        }
    }
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
        terms(Change::Sale, 0),
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
