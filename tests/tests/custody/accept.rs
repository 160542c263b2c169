use anchor_lang::{Address, prelude::ProgramError, solana_program::instruction::Instruction};
use custody::{
    Consignment, ConsignmentStatus, CustodyError, Transfer, TransferKind, TransferState,
};
use program_tests::{
    instruction::{
        Alter,
        custody::{accept, cancel, offer},
    },
    ledger::NOW,
    world::{DOCUMENT, Parcel, Site, World, terms},
};
use registry::Partner;
use solana_sdk_ids::sysvar;

use crate::{
    KINDS, RECEIVER_BARS, SENDER_BARS, immovable_lots, movable_lots,
    open_offer::{offered, offered_as, refuses_another_offer, refuses_what_is_not_open},
};

/// The wholesaler accepts the offer with sequence 0.
fn accept_first(world: &World, parcel: Parcel) -> Instruction {
    accept(world.wholesaler, world.manufacturer.partner, parcel, 0)
}

#[test]
fn moves_custody_and_settles_the_transfer() {
    for kind in KINDS {
        let (mut world, transfer) = offered_as(kind);
        let World {
            manufacturer,
            wholesaler,
            parcel,
            ..
        } = world;
        world.ledger.set_time(NOW + 60);
        let title_passes = kind == TransferKind::Sale || kind == TransferKind::Return;
        let owner = if title_passes {
            wholesaler.partner
        } else {
            manufacturer.partner
        };
        let effects = [
            world
                .ledger
                .effect(parcel.consignment, |consignment: &mut Consignment| {
                    consignment.extend_trail(&wholesaler.partner, &owner, &DOCUMENT, kind);
                    assert_eq!(consignment.sequence, 1);
                    assert_eq!(consignment.status, ConsignmentStatus::Held);
                }),
            world.ledger.effect(transfer, |transfer: &mut Transfer| {
                transfer.state = TransferState::Accepted;
                transfer.settled_at = NOW + 60;
            }),
        ];
        let instruction = accept_first(&world, parcel);
        world.ledger.execute_with_effects(&instruction, &effects);
    }
}

#[test]
fn works_until_the_last_moment() {
    let (mut world, transfer) = offered();
    let deadline = world.ledger.read::<Transfer>(transfer).deadline;
    let instruction = accept_first(&world, world.parcel);
    world.ledger.set_time(deadline + 1);
    world.ledger.refuse(&instruction, CustodyError::OfferLapsed);
    world.ledger.set_time(deadline);
    world.ledger.execute(&instruction);
}

#[test]
fn refuses_a_second_time() {
    let (mut world, _) = offered();
    let instruction = accept_first(&world, world.parcel);
    world.ledger.execute(&instruction);
    world
        .ledger
        .refuse(&instruction, CustodyError::TransferSettled);
}

#[test]
fn refuses_an_older_offer() {
    let (mut world, older) = offered();
    let World {
        payer,
        manufacturer,
        wholesaler,
        parcel,
        ..
    } = world;
    world
        .ledger
        .execute(&cancel(manufacturer, parcel.consignment, 0));
    let newer = terms(TransferKind::Sale, 1);
    world.ledger.execute(&offer(
        payer,
        manufacturer,
        wholesaler.partner,
        parcel,
        newer,
    ));
    let instruction = accept_first(&world, parcel);
    world
        .ledger
        .refuse(&instruction, CustodyError::TransferSettled);
    // Even one that had been left open would be refused.
    world.ledger.edit(older, |transfer: &mut Transfer| {
        transfer.state = TransferState::Offered
    });
    world
        .ledger
        .refuse(&instruction, CustodyError::NotConsignmentsTransfer);
}

#[test]
fn refuses_a_stale_sequence() {
    let (mut world, transfer) = offered();
    let World {
        manufacturer,
        wholesaler,
        parcel,
        ..
    } = world;
    for sequence in [1, 2, u32::MAX] {
        let of_another = program_tests::address::transfer(&parcel.consignment, sequence);
        let instruction = accept(wholesaler, manufacturer.partner, parcel, sequence)
            .replacing(of_another, transfer);
        world
            .ledger
            .refuse(&instruction, CustodyError::StaleSequence);
    }
}

#[test]
fn refuses_either_side_that_may_not_trade_any_more() {
    for kind in KINDS {
        for (bar, refusal) in SENDER_BARS {
            let (mut world, _) = offered_as(kind);
            let site = world.manufacturer;
            bar(&mut world, site);
            let instruction = accept_first(&world, world.parcel);
            world.ledger.refuse(&instruction, refusal);
        }
        for (bar, refusal) in RECEIVER_BARS {
            let (mut world, _) = offered_as(kind);
            let site = world.wholesaler;
            bar(&mut world, site);
            let instruction = accept_first(&world, world.parcel);
            world.ledger.refuse(&instruction, refusal);
        }
    }
}

#[test]
fn allows_the_last_second_of_both_licences() {
    let (mut world, _) = offered();
    for site in [world.manufacturer, world.wholesaler] {
        world.ledger.edit(site.partner, |partner: &mut Partner| {
            partner.licence_valid_until = NOW + 1;
        });
    }
    let instruction = accept_first(&world, world.parcel);
    world.ledger.execute(&instruction);
}

#[test]
fn refuses_lots_that_became_immovable_downstream_only() {
    for (change, refusal) in immovable_lots() {
        for kind in KINDS {
            let (mut world, _) = offered_as(kind);
            world.ledger.edit(world.parcel.lot, change);
            let instruction = accept_first(&world, world.parcel);
            if kind == TransferKind::Sale || kind == TransferKind::Logistics {
                world.ledger.refuse(&instruction, refusal);
            } else {
                world.ledger.execute(&instruction);
            }
        }
    }
    for change in movable_lots() {
        let (mut world, _) = offered();
        world.ledger.edit(world.parcel.lot, change);
        let instruction = accept_first(&world, world.parcel);
        world.ledger.execute(&instruction);
    }
}

#[test]
fn refuses_offers_that_are_not_open() {
    refuses_what_is_not_open(&offered().0, accept_first);
}

#[test]
fn refuses_anybody_but_the_receiver() {
    let (mut world, _) = offered();
    let World {
        manufacturer,
        wholesaler,
        pharmacy,
        parcel,
        ..
    } = world;
    let thief = accept(pharmacy, manufacturer.partner, parcel, 0);
    world
        .ledger
        .refuse(&thief, CustodyError::NotTransfersReceiver);
    let sender = accept(manufacturer, manufacturer.partner, parcel, 0);
    world
        .ledger
        .refuse(&sender, CustodyError::NotTransfersReceiver);
    let with_senders_key = Site {
        key: manufacturer.key,
        ..wholesaler
    };
    let wrong_key = accept(with_senders_key, manufacturer.partner, parcel, 0);
    world.ledger.refuse(&wrong_key, CustodyError::NotPartnerKey);
    let instruction = accept_first(&world, parcel);
    world
        .ledger
        .refuse_unsigned(&instruction, &[wholesaler.key]);
}

#[test]
fn refuses_wrong_accounts() {
    let (mut world, transfer) = offered();
    let World {
        manufacturer,
        wholesaler,
        pharmacy,
        parcel,
        other_parcel,
        ..
    } = world;
    let instruction = accept_first(&world, parcel);
    world.ledger.refuse_stand_ins(
        &instruction,
        &[
            wholesaler.partner,
            manufacturer.partner,
            parcel.lot,
            parcel.consignment,
            transfer,
        ],
    );
    let another_sender = accept(wholesaler, pharmacy.partner, parcel, 0);
    world
        .ledger
        .refuse(&another_sender, CustodyError::NotTransfersSender);
    let another_lot = instruction.clone().replacing(parcel.lot, other_parcel.lot);
    world
        .ledger
        .refuse(&another_lot, CustodyError::NotConsignmentsLot);
    refuses_another_offer(&world, accept_first);
}

#[test]
fn refuses_any_clock_but_the_sysvar() {
    let (mut world, _) = offered();
    let look_alike: Address = world.ledger.key("clock");
    let clock = world.ledger.account(sysvar::clock::ID);
    world.ledger.set_account(look_alike, clock);
    for other in [look_alike, sysvar::rent::ID, world.parcel.lot] {
        let instruction = accept_first(&world, world.parcel).replacing(sysvar::clock::ID, other);
        world
            .ledger
            .refuse(&instruction, ProgramError::InvalidArgument);
    }
}
