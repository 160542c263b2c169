use anchor_lang::{Address, ErrorCode, solana_program::instruction::Instruction};
use custody::{
    Change, Consignment, ConsignmentStatus, CustodyError, ExceptionCode, Transfer, TransferState,
    instructions::OfferTerms,
};
use pedigree_domain::Roles;
use program_tests::{
    address,
    effect::Effect,
    instruction::{Alter, custody::offer},
    ledger::NOW,
    world::{DOCUMENT, Parcel, UNITS, World, terms},
};

use crate::{
    ALREADY_IN_USE, BEYOND_THE_LOT, KINDS, NOT_HELD, RECEIVER_BARS, SENDER_BARS, ready,
    refuse_immovable, refuse_other_signers, refuse_states,
};

/// The manufacturer offers the parcel to the wholesaler.
fn offer_parcel(world: &World, terms: OfferTerms) -> Instruction {
    offer(
        world.payer,
        world.manufacturer,
        world.wholesaler.partner,
        world.parcel,
        terms,
    )
}

#[test]
fn opens_a_transfer_and_blocks_the_consignment() {
    for kind in KINDS {
        let (mut world, from, to, sequence) = ready(kind);
        let World { payer, parcel, .. } = world;
        let statement = kind == Change::Sale;
        let terms = OfferTerms {
            statement,
            ..terms(kind, sequence)
        };
        let transfer = address::transfer(&parcel.consignment, sequence);
        let sequence_bytes = sequence.to_le_bytes();
        let seeds: [&[u8]; 3] = [b"transfer", parcel.consignment.as_ref(), &sequence_bytes];
        let fields = Transfer {
            consignment: parcel.consignment,
            lot: parcel.lot,
            document: DOCUMENT,
            reverses: Address::default(),
            payer,
            from: from.gln,
            to: to.gln,
            deadline: terms.deadline,
            offered_at: NOW,
            settled_at: 0,
            sequence,
            first_unit: 0,
            quantity: UNITS,
            kind,
            state: TransferState::Offered,
            exception: ExceptionCode::None,
            statement: u8::from(statement),
            bump: address::bump(&seeds, &custody::ID),
            _padding: [0; 7],
        };
        let effects = [
            Effect::creation(transfer, &fields, payer),
            world
                .ledger
                .effect(parcel.consignment, |consignment: &mut Consignment| {
                    consignment.sequence = sequence + 1;
                    consignment.status = ConsignmentStatus::Offered;
                }),
        ];
        let instruction = offer(payer, from, to.partner, parcel, terms);
        world.ledger.execute_with_effects(&instruction, &effects);
    }
}

#[test]
fn the_sender_may_pay() {
    let mut world = World::new();
    let World {
        manufacturer,
        wholesaler,
        parcel,
        ..
    } = world;
    let terms = terms(Change::Sale, 0);
    world.ledger.execute(&offer(
        manufacturer.key,
        manufacturer,
        wholesaler.partner,
        parcel,
        terms,
    ));
}

#[test]
fn works_on_a_prefunded_address() {
    let mut world = World::new();
    let transfer = address::transfer(&world.parcel.consignment, 0);
    let instruction = offer_parcel(&world, terms(Change::Sale, 0));
    world.ledger.execute_prefunded(&instruction, &[transfer]);
}

#[test]
fn refuses_a_consignment_that_is_not_held_or_no_run_of_its_lot() {
    let world = World::new();
    let consignment = world.parcel.consignment;
    let instruction = offer_parcel(&world, terms(Change::Sale, 0));
    refuse_states(&world.ledger, &instruction, consignment, NOT_HELD);
    refuse_states(&world.ledger, &instruction, consignment, BEYOND_THE_LOT);
}

#[test]
fn refuses_a_second_offer() {
    let mut world = World::new();
    let World {
        payer,
        manufacturer,
        wholesaler,
        pharmacy,
        parcel,
        ..
    } = world;
    world.offer(manufacturer, wholesaler, parcel, terms(Change::Sale, 0));
    // The address of the second transfer comes from the consignment, whatever the terms say.
    let again = offer_parcel(&world, terms(Change::Sale, 0));
    world.ledger.refuse(&again, ErrorCode::ConstraintSeeds);
    let terms = terms(Change::Sale, 1);
    let to_another = offer(payer, manufacturer, pharmacy.partner, parcel, terms);
    world
        .ledger
        .refuse(&to_another, CustodyError::ConsignmentOffered);
}

#[test]
fn refuses_a_stale_sequence() {
    let mut world = World::new();
    let World {
        manufacturer,
        wholesaler,
        parcel,
        ..
    } = world;
    world.hand_over(manufacturer, wholesaler, parcel, Change::Sale);
    world.hand_over(wholesaler, manufacturer, parcel, Change::Return);
    let transfer = address::transfer(&parcel.consignment, 2);
    for sequence in [0, 1, 3, u32::MAX] {
        let stale = offer_parcel(&world, terms(Change::Sale, sequence))
            .replacing(address::transfer(&parcel.consignment, sequence), transfer);
        world.ledger.refuse(&stale, CustodyError::StaleSequence);
    }
}

#[test]
fn refuses_a_transfer_that_is_there() {
    let mut world = World::new();
    let World {
        manufacturer,
        wholesaler,
        parcel,
        ..
    } = world;
    world.offer(manufacturer, wholesaler, parcel, terms(Change::Sale, 0));
    world
        .ledger
        .edit(parcel.consignment, |consignment: &mut Consignment| {
            consignment.sequence = 0;
            consignment.status = ConsignmentStatus::Held;
        });
    let again = offer_parcel(&world, terms(Change::Sale, 0));
    world.ledger.refuse(&again, ALREADY_IN_USE);
}

#[test]
fn refuses_the_transfer_after_the_last_sequence() {
    let mut world = World::new();
    world
        .ledger
        .edit(world.parcel.consignment, |consignment: &mut Consignment| {
            consignment.sequence = u32::MAX;
        });
    let instruction = offer_parcel(&world, terms(Change::Sale, u32::MAX));
    world
        .ledger
        .refuse(&instruction, CustodyError::SequenceExhausted);
}

#[test]
fn refuses_either_side_that_may_not_trade() {
    for kind in KINDS {
        for (bar, refusal) in SENDER_BARS {
            let (mut world, from, to, sequence) = ready(kind);
            bar(&mut world, from);
            let World { payer, parcel, .. } = world;
            let instruction = offer(payer, from, to.partner, parcel, terms(kind, sequence));
            world.ledger.refuse(&instruction, refusal);
        }
        for (bar, refusal) in RECEIVER_BARS {
            let (mut world, from, to, sequence) = ready(kind);
            bar(&mut world, to);
            let World { payer, parcel, .. } = world;
            let instruction = offer(payer, from, to.partner, parcel, terms(kind, sequence));
            world.ledger.refuse(&instruction, refusal);
        }
    }
}

#[test]
fn refuses_a_receiver_without_the_role() {
    let World {
        mut ledger,
        payer,
        manufacturer,
        logistics,
        regulator,
        recaller,
        parcel,
        ..
    } = World::new();
    let sale_to_a_provider = offer(
        payer,
        manufacturer,
        logistics.partner,
        parcel,
        terms(Change::Sale, 0),
    );
    ledger.refuse(&sale_to_a_provider, CustodyError::ReceiverRole);
    for to in [regulator, recaller] {
        for kind in KINDS {
            let instruction = offer(payer, manufacturer, to.partner, parcel, terms(kind, 0));
            ledger.refuse(&instruction, CustodyError::ReceiverRole);
        }
    }
}

#[test]
fn refuses_to_sell_what_another_owns() {
    let mut world = World::new();
    let World {
        payer,
        manufacturer,
        logistics,
        pharmacy,
        parcel,
        ..
    } = world;
    world.hand_over(manufacturer, logistics, parcel, Change::Logistics);
    world.license(logistics, Roles::all());
    let terms = terms(Change::Sale, 1);
    let sale = offer(payer, logistics, pharmacy.partner, parcel, terms);
    world.ledger.refuse(&sale, CustodyError::SenderNotOwner);
}

#[test]
fn refuses_what_is_immovable() {
    for kind in KINDS {
        let (world, from, to, sequence) = ready(kind);
        let World {
            ledger,
            payer,
            parcel,
            ..
        } = world;
        let instruction = offer(payer, from, to.partner, parcel, terms(kind, sequence));
        refuse_immovable(&ledger, &instruction, kind, parcel.lot, parcel.consignment);
    }
}

#[test]
fn refuses_invalid_terms() {
    const LONGEST: i64 = 90 * 86_400;
    let mut world = World::new();
    let valid = terms(Change::Sale, 0);
    let until = |deadline| OfferTerms { deadline, ..valid };
    for (terms, refusal) in [
        (OfferTerms { kind: 0, ..valid }, CustodyError::InvalidKind),
        (OfferTerms { kind: 5, ..valid }, CustodyError::InvalidKind),
        (OfferTerms { kind: 255, ..valid }, CustodyError::InvalidKind),
        (
            OfferTerms {
                statement: false,
                ..valid
            },
            CustodyError::StatementMissing,
        ),
        (until(NOW), CustodyError::InvalidDeadline),
        (until(NOW - 1), CustodyError::InvalidDeadline),
        (until(i64::MIN), CustodyError::InvalidDeadline),
        (until(NOW + LONGEST + 1), CustodyError::InvalidDeadline),
        (until(i64::MAX), CustodyError::InvalidDeadline),
    ] {
        let instruction = offer_parcel(&world, terms);
        world.ledger.refuse(&instruction, refusal);
    }
    for deadline in [NOW + 1, NOW + LONGEST] {
        world.after(&[offer_parcel(&world, until(deadline))]);
    }
}

#[test]
fn refuses_one_site_on_both_sides() {
    let World {
        mut ledger,
        payer,
        manufacturer,
        parcel,
        ..
    } = World::new();
    for kind in KINDS {
        let terms = terms(kind, 0);
        let instruction = offer(payer, manufacturer, manufacturer.partner, parcel, terms);
        ledger.refuse(&instruction, CustodyError::SamePartner);
    }
}

#[test]
fn refuses_anybody_but_the_custodian() {
    let mut world = World::new();
    let World {
        payer,
        manufacturer,
        wholesaler,
        pharmacy,
        parcel,
        ..
    } = world;
    let terms = terms(Change::Sale, 0);
    let thief = offer(payer, wholesaler, pharmacy.partner, parcel, terms);
    world.ledger.refuse(&thief, CustodyError::NotCustodian);
    let instruction = offer_parcel(&world, terms);
    refuse_other_signers(&mut world.ledger, &instruction, &[manufacturer]);
    world.ledger.refuse_unsigned(&instruction, &[payer]);
    world
        .ledger
        .refuse(&instruction.read_only(payer), ErrorCode::ConstraintSigner);
}

#[test]
fn refuses_the_owner_that_is_no_custodian() {
    let mut world = World::new();
    let World {
        payer,
        manufacturer,
        logistics,
        pharmacy,
        parcel,
        ..
    } = world;
    world.hand_over(manufacturer, logistics, parcel, Change::Logistics);
    let terms = terms(Change::Sale, 1);
    let sale = offer(payer, manufacturer, pharmacy.partner, parcel, terms);
    world.ledger.refuse(&sale, CustodyError::NotCustodian);
}

#[test]
fn refuses_wrong_accounts() {
    let world = World::new();
    let World {
        mut ledger,
        payer,
        manufacturer,
        wholesaler,
        parcel,
        other_parcel,
        ..
    } = world;
    let to = wholesaler.partner;
    let terms = terms(Change::Sale, 0);
    let instruction = offer(payer, manufacturer, to, parcel, terms);
    ledger.refuse_stand_ins(
        &instruction,
        &[manufacturer.partner, to, parcel.lot, parcel.consignment],
    );
    let transfer = address::transfer(&parcel.consignment, 0);
    ledger.refuse_misplaced(&instruction, transfer);
    let another_lot = instruction.clone().replacing(parcel.lot, other_parcel.lot);
    ledger.refuse(&another_lot, CustodyError::NotConsignmentsLot);
    let mixed = Parcel {
        lot: parcel.lot,
        ..other_parcel
    };
    let another_consignment = offer(payer, manufacturer, to, mixed, terms);
    ledger.refuse(&another_consignment, CustodyError::NotConsignmentsLot);
    let anothers_transfer = address::transfer(&other_parcel.consignment, 0);
    let misplaced = instruction.replacing(transfer, anothers_transfer);
    ledger.refuse(&misplaced, ErrorCode::ConstraintSeeds);
}
