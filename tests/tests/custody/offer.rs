use anchor_lang::{Address, ErrorCode, solana_program::instruction::Instruction};
use custody::{
    Consignment, ConsignmentStatus, CustodyError, ExceptionCode, Transfer, TransferState,
};
use pedigree_domain::Roles;
use pedigree_interface::{
    Goods, TransferKind,
    instruction::custody::{OfferTerms, offer},
};
use program_tests::{
    address,
    alter::Alter,
    effect::Effect,
    ledger::NOW,
    world::{DOCUMENT, UNITS, World, terms},
};

use crate::{
    ALREADY_IN_USE, BEYOND_THE_LOT, INELIGIBLE_RECEIVERS, INELIGIBLE_SENDERS, KINDS, NOT_HELD,
    expect, of_receiver, of_sender, ready, refuse_immovable, refuse_other_signers, refuse_states,
};

/// The manufacturer offers the goods to the wholesaler.
fn offer_goods(world: &World, terms: OfferTerms) -> Instruction {
    offer(
        world.payer,
        world.manufacturer,
        world.wholesaler.gln,
        world.goods,
        terms,
    )
}

#[test]
fn opens_a_transfer_and_blocks_the_consignment() {
    for kind in KINDS {
        let (mut world, from, to) = ready(kind);
        let World { payer, goods, .. } = world;
        let statement = kind == TransferKind::Sale;
        let terms = OfferTerms {
            statement,
            ..terms(kind)
        };
        let sequence = goods.sequence;
        let transfer = address::transfer(&goods.consignment, sequence);
        let sequence_bytes = sequence.to_le_bytes();
        let seeds: [&[u8]; 3] = [b"transfer", goods.consignment.as_ref(), &sequence_bytes];
        let fields = Transfer {
            consignment: goods.consignment,
            lot: goods.lot,
            document_hash: DOCUMENT,
            reverses: Address::default(),
            payer,
            from: from.gln.number(),
            to: to.gln.number(),
            deadline: terms.deadline,
            offered_at: NOW,
            settled_at: 0,
            sequence,
            first_unit: 0,
            quantity: UNITS,
            kind: kind.into(),
            state: TransferState::Offered,
            exception: ExceptionCode::None,
            statement: u8::from(statement),
            bump: address::bump(&seeds, &custody::ID),
            within_firm: 0,
            _padding: [0; 6],
            // Each of these kinds is sent by the owner here.
            owner: from.gln.number(),
            owner_since: 0,
            settled_since: 0,
        };
        let effects = [
            Effect::creation(transfer, &fields, payer),
            world
                .ledger
                .effect(goods.consignment, |consignment: &mut Consignment| {
                    consignment.sequence = sequence + 1;
                    consignment.status = ConsignmentStatus::Offered;
                }),
        ];
        let instruction = offer(payer, from, to.gln, goods, terms);
        world.ledger.execute_with_effects(&instruction, &effects);
    }
}

#[test]
fn the_sender_may_pay() {
    let mut world = World::new();
    let World {
        manufacturer,
        wholesaler,
        goods,
        ..
    } = world;
    let terms = terms(TransferKind::Sale);
    world.ledger.execute(&offer(
        manufacturer.key,
        manufacturer,
        wholesaler.gln,
        goods,
        terms,
    ));
}

#[test]
fn works_on_a_prefunded_address() {
    let mut world = World::new();
    let transfer = address::transfer(&world.goods.consignment, 0);
    let instruction = offer_goods(&world, terms(TransferKind::Sale));
    world.ledger.execute_prefunded(&instruction, &[transfer]);
}

#[test]
fn refuses_a_consignment_that_is_not_held_or_not_within_its_lot() {
    let world = World::new();
    let consignment = world.goods.consignment;
    let instruction = offer_goods(&world, terms(TransferKind::Sale));
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
        goods,
        ..
    } = world;
    world.offer(manufacturer, wholesaler, goods, terms(TransferKind::Sale));
    // The address of the second transfer comes from the consignment, whatever the terms say.
    let again = offer_goods(&world, terms(TransferKind::Sale));
    world.ledger.refuse(&again, ErrorCode::ConstraintSeeds);
    let terms = terms(TransferKind::Sale);
    let to_another = offer(payer, manufacturer, pharmacy.gln, goods.at(1), terms);
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
        goods,
        ..
    } = world;
    world.hand_over(manufacturer, wholesaler, goods, TransferKind::Sale);
    world.hand_over(wholesaler, manufacturer, goods, TransferKind::Return);
    let transfer = address::transfer(&goods.consignment, 2);
    for sequence in [0, 1, 3, u32::MAX] {
        world.goods.sequence = sequence;
        let stale = offer_goods(&world, terms(TransferKind::Sale))
            .replacing(address::transfer(&goods.consignment, sequence), transfer);
        world.ledger.refuse(&stale, CustodyError::StaleSequence);
    }
}

#[test]
fn refuses_a_transfer_that_is_there() {
    let mut world = World::new();
    let World {
        manufacturer,
        wholesaler,
        goods,
        ..
    } = world;
    world.offer(manufacturer, wholesaler, goods, terms(TransferKind::Sale));
    world
        .ledger
        .edit(goods.consignment, |consignment: &mut Consignment| {
            consignment.sequence = 0;
            consignment.status = ConsignmentStatus::Held;
        });
    let again = offer_goods(&world, terms(TransferKind::Sale));
    world.ledger.refuse(&again, ALREADY_IN_USE);
}

#[test]
fn refuses_the_transfer_after_the_last_sequence() {
    let mut world = World::new();
    world
        .ledger
        .edit(world.goods.consignment, |consignment: &mut Consignment| {
            consignment.sequence = u32::MAX;
        });
    world.goods.sequence = u32::MAX;
    let instruction = offer_goods(&world, terms(TransferKind::Sale));
    world
        .ledger
        .refuse(&instruction, CustodyError::SequenceExhausted);
}

#[test]
fn refuses_either_side_that_may_not_trade() {
    for kind in KINDS {
        for (disqualify, refusal) in INELIGIBLE_SENDERS {
            let (mut world, from, to) = ready(kind);
            disqualify(&mut world, from);
            let World { payer, goods, .. } = world;
            let instruction = offer(payer, from, to.gln, goods, terms(kind));
            expect(&mut world.ledger, &instruction, of_sender(kind, refusal));
        }
        for (disqualify, refusal) in INELIGIBLE_RECEIVERS {
            let (mut world, from, to) = ready(kind);
            disqualify(&mut world, to);
            let World { payer, goods, .. } = world;
            let instruction = offer(payer, from, to.gln, goods, terms(kind));
            expect(&mut world.ledger, &instruction, of_receiver(kind, refusal));
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
        goods,
        ..
    } = World::new();
    let sale_to_a_provider = offer(
        payer,
        manufacturer,
        logistics.gln,
        goods,
        terms(TransferKind::Sale),
    );
    ledger.refuse(&sale_to_a_provider, CustodyError::ReceiverRole);
    for kind in KINDS {
        let instruction = offer(payer, manufacturer, regulator.gln, goods, terms(kind));
        ledger.refuse(&instruction, CustodyError::ReceiverRole);
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
        goods,
        ..
    } = world;
    world.hand_over(manufacturer, logistics, goods, TransferKind::Logistics);
    world.license(logistics, Roles::all());
    let terms = terms(TransferKind::Sale);
    let sale = offer(payer, logistics, pharmacy.gln, goods.at(1), terms);
    world.ledger.refuse(&sale, CustodyError::SenderNotOwner);
}

#[test]
fn refuses_what_is_immovable() {
    for kind in KINDS {
        let (world, from, to) = ready(kind);
        let World {
            ledger,
            payer,
            goods,
            ..
        } = world;
        let instruction = offer(payer, from, to.gln, goods, terms(kind));
        refuse_immovable(&ledger, &instruction, kind, goods.lot, goods.consignment);
    }
}

#[test]
fn refuses_invalid_terms() {
    const LONGEST: i64 = 90 * 86_400;
    let mut world = World::new();
    let valid = terms(TransferKind::Sale);
    let until = |deadline| OfferTerms { deadline, ..valid };
    for (terms, refusal) in [
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
        let instruction = offer_goods(&world, terms);
        world.ledger.refuse(&instruction, refusal);
    }
    const KIND: usize = 5;
    let instruction = offer_goods(&world, valid);
    for kind in [0, 5, 255] {
        let unknown = instruction.clone().with_data(KIND, &[kind]);
        world.ledger.refuse(&unknown, CustodyError::InvalidKind);
    }
    for deadline in [NOW + 1, NOW + LONGEST] {
        world.after(&[offer_goods(&world, until(deadline))]);
    }
}

#[test]
fn refuses_one_site_on_both_sides() {
    let World {
        mut ledger,
        payer,
        manufacturer,
        goods,
        ..
    } = World::new();
    for kind in KINDS {
        let terms = terms(kind);
        let instruction = offer(payer, manufacturer, manufacturer.gln, goods, terms);
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
        goods,
        ..
    } = world;
    let terms = terms(TransferKind::Sale);
    let thief = offer(payer, wholesaler, pharmacy.gln, goods, terms);
    world.ledger.refuse(&thief, CustodyError::NotCustodian);
    let instruction = offer_goods(&world, terms);
    refuse_other_signers(&mut world.ledger, &instruction, &[manufacturer]);
    world.ledger.refuse_unsigned(&instruction, &[payer]);
    world
        .ledger
        .refuse(&instruction.read_only(payer), ErrorCode::ConstraintSigner);
}

#[test]
fn refuses_the_owner_that_is_not_the_custodian() {
    let mut world = World::new();
    let World {
        payer,
        manufacturer,
        logistics,
        pharmacy,
        goods,
        ..
    } = world;
    world.hand_over(manufacturer, logistics, goods, TransferKind::Logistics);
    let terms = terms(TransferKind::Sale);
    let sale = offer(payer, manufacturer, pharmacy.gln, goods.at(1), terms);
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
        goods,
        other_goods,
        ..
    } = world;
    let to = wholesaler;
    let terms = terms(TransferKind::Sale);
    let instruction = offer(payer, manufacturer, to.gln, goods, terms);
    ledger.refuse_stand_ins(
        &instruction,
        &[
            manufacturer.partner,
            to.partner,
            goods.lot,
            goods.consignment,
        ],
    );
    let transfer = address::transfer(&goods.consignment, 0);
    ledger.refuse_misplaced(&instruction, transfer);
    let another_lot = instruction.clone().replacing(goods.lot, other_goods.lot);
    ledger.refuse(&another_lot, CustodyError::NotConsignmentsLot);
    let mixed = Goods {
        lot: goods.lot,
        ..other_goods
    };
    let another_consignment = offer(payer, manufacturer, to.gln, mixed, terms);
    ledger.refuse(&another_consignment, CustodyError::NotConsignmentsLot);
    let anothers_transfer = address::transfer(&other_goods.consignment, 0);
    let misplaced = instruction.replacing(transfer, anothers_transfer);
    ledger.refuse(&misplaced, ErrorCode::ConstraintSeeds);
}
