use anchor_lang::{Address, ErrorCode};
use custody::{
    Consignment, ConsignmentStatus, CustodyError, ExceptionCode, Transfer, TransferKind,
    TransferState, instructions::OfferTerms,
};
use pedigree_domain::Roles;
use program_tests::{
    address,
    instruction::{Alter, custody::offer},
    layout,
    ledger::NOW,
    world::{DOCUMENT, Parcel, Site, World, terms},
};

use crate::{ALREADY_IN_USE, KINDS, RECEIVER_BARS, SENDER_BARS, immovable_lots, movable_lots};

#[test]
fn opens_a_transfer_and_blocks_the_consignment() {
    for kind in KINDS {
        let World {
            mut ledger,
            payer,
            manufacturer,
            wholesaler,
            parcel,
            ..
        } = World::new();
        let consignment_before: Consignment = ledger.read(parcel.consignment);
        let statement = kind == TransferKind::Sale;
        let terms = OfferTerms {
            statement,
            ..terms(kind, 0)
        };
        ledger.execute(&offer(
            payer,
            manufacturer,
            wholesaler.partner,
            parcel,
            terms,
        ));

        let account = ledger.account(address::transfer(&parcel.consignment, 0));
        assert_eq!(account.owner, custody::ID);
        let seeds: [&[u8]; 3] = [b"transfer", parcel.consignment.as_ref(), &[0; 4]];
        assert_eq!(
            account.data,
            layout::encode(&Transfer {
                consignment: parcel.consignment,
                from: manufacturer.partner,
                to: wholesaler.partner,
                document: DOCUMENT,
                deadline: terms.deadline,
                sequence: 0,
                kind,
                state: TransferState::Offered,
                exception: ExceptionCode::None,
                statement: u8::from(statement),
                offered_at: NOW,
                settled_at: 0,
                payer,
                bump: address::bump(&seeds, &custody::ID),
                _padding: [0; 7],
            })
        );
        assert_eq!(
            ledger.account(parcel.consignment).data,
            layout::encode(&Consignment {
                sequence: 1,
                status: ConsignmentStatus::Offered,
                ..consignment_before
            })
        );
    }
}

#[test]
fn the_sender_may_pay() {
    let World {
        mut ledger,
        manufacturer,
        wholesaler,
        parcel,
        ..
    } = World::new();
    let terms = terms(TransferKind::Sale, 0);
    ledger.execute(&offer(
        manufacturer.key,
        manufacturer,
        wholesaler.partner,
        parcel,
        terms,
    ));
}

#[test]
fn works_on_a_prefunded_address() {
    let World {
        mut ledger,
        payer,
        manufacturer,
        wholesaler,
        parcel,
        ..
    } = World::new();
    let terms = terms(TransferKind::Sale, 0);
    let instruction = offer(payer, manufacturer, wholesaler.partner, parcel, terms);
    ledger.execute_prefunded(&instruction, &[address::transfer(&parcel.consignment, 0)]);
}

#[test]
fn refuses_a_consignment_that_is_offered() {
    let mut world = World::new();
    let World {
        payer,
        manufacturer,
        wholesaler,
        pharmacy,
        parcel,
        ..
    } = world;
    world.offer(
        manufacturer,
        wholesaler,
        parcel,
        terms(TransferKind::Sale, 0),
    );
    let again = offer(
        payer,
        manufacturer,
        wholesaler.partner,
        parcel,
        terms(TransferKind::Sale, 0),
    );
    // The address of the second transfer comes from the consignment, whatever the terms say.
    world.ledger.refuse(&again, ErrorCode::ConstraintSeeds);
    let to_another = offer(
        payer,
        manufacturer,
        pharmacy.partner,
        parcel,
        terms(TransferKind::Sale, 1),
    );
    world
        .ledger
        .refuse(&to_another, CustodyError::ConsignmentOffered);
}

#[test]
fn refuses_a_stale_sequence() {
    let mut world = World::new();
    let World {
        payer,
        manufacturer,
        wholesaler,
        parcel,
        ..
    } = world;
    world.hand_over(manufacturer, wholesaler, parcel, TransferKind::Sale);
    world.hand_over(wholesaler, manufacturer, parcel, TransferKind::Return);
    let transfer = address::transfer(&parcel.consignment, 2);
    for sequence in [0, 1, 3, u32::MAX] {
        let terms = terms(TransferKind::Sale, sequence);
        let stale = offer(payer, manufacturer, wholesaler.partner, parcel, terms)
            .replacing(address::transfer(&parcel.consignment, sequence), transfer);
        world.ledger.refuse(&stale, CustodyError::StaleSequence);
    }
}

#[test]
fn refuses_a_transfer_that_is_there() {
    let mut world = World::new();
    let World {
        payer,
        manufacturer,
        wholesaler,
        parcel,
        ..
    } = world;
    world.offer(
        manufacturer,
        wholesaler,
        parcel,
        terms(TransferKind::Sale, 0),
    );
    world
        .ledger
        .edit(parcel.consignment, |consignment: &mut Consignment| {
            consignment.sequence = 0;
            consignment.status = ConsignmentStatus::Held;
        });
    let again = offer(
        payer,
        manufacturer,
        wholesaler.partner,
        parcel,
        terms(TransferKind::Sale, 0),
    );
    world.ledger.refuse(&again, ALREADY_IN_USE);
}

#[test]
fn refuses_the_transfer_after_the_last_sequence() {
    let World {
        mut ledger,
        payer,
        manufacturer,
        wholesaler,
        parcel,
        ..
    } = World::new();
    ledger.edit(parcel.consignment, |consignment: &mut Consignment| {
        consignment.sequence = u32::MAX;
    });
    let terms = terms(TransferKind::Sale, u32::MAX);
    let instruction = offer(payer, manufacturer, wholesaler.partner, parcel, terms);
    ledger.refuse(&instruction, CustodyError::SequenceExhausted);
}

#[test]
fn refuses_either_side_that_may_not_trade() {
    for kind in KINDS {
        for (bar, refusal) in SENDER_BARS {
            let mut world = World::new();
            let site = world.manufacturer;
            bar(&mut world, site);
            let World {
                mut ledger,
                payer,
                manufacturer,
                wholesaler,
                parcel,
                ..
            } = world;
            let terms = terms(kind, 0);
            let instruction = offer(payer, manufacturer, wholesaler.partner, parcel, terms);
            ledger.refuse(&instruction, refusal);
        }
        for (bar, refusal) in RECEIVER_BARS {
            let mut world = World::new();
            let site = world.wholesaler;
            bar(&mut world, site);
            let World {
                mut ledger,
                payer,
                manufacturer,
                wholesaler,
                parcel,
                ..
            } = world;
            let terms = terms(kind, 0);
            let instruction = offer(payer, manufacturer, wholesaler.partner, parcel, terms);
            ledger.refuse(&instruction, refusal);
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
        terms(TransferKind::Sale, 0),
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
    world.hand_over(manufacturer, logistics, parcel, TransferKind::Logistics);
    world.license(logistics, Roles::all());
    let sale = offer(
        payer,
        logistics,
        pharmacy.partner,
        parcel,
        terms(TransferKind::Sale, 1),
    );
    world.ledger.refuse(&sale, CustodyError::SenderNotOwner);
}

#[test]
fn refuses_immovable_lots_downstream_only() {
    for (change, refusal) in immovable_lots() {
        for kind in KINDS {
            let World {
                mut ledger,
                payer,
                manufacturer,
                wholesaler,
                parcel,
                ..
            } = World::new();
            ledger.edit(parcel.lot, change);
            let instruction = offer(
                payer,
                manufacturer,
                wholesaler.partner,
                parcel,
                terms(kind, 0),
            );
            if kind == TransferKind::Sale || kind == TransferKind::Logistics {
                ledger.refuse(&instruction, refusal);
            } else {
                ledger.execute(&instruction);
            }
        }
    }
    for change in movable_lots() {
        let World {
            mut ledger,
            payer,
            manufacturer,
            wholesaler,
            parcel,
            ..
        } = World::new();
        ledger.edit(parcel.lot, change);
        let terms = terms(TransferKind::Sale, 0);
        ledger.execute(&offer(
            payer,
            manufacturer,
            wholesaler.partner,
            parcel,
            terms,
        ));
    }
}

#[test]
fn refuses_invalid_terms() {
    const LONGEST: i64 = 90 * 86_400;
    let World {
        mut ledger,
        payer,
        manufacturer,
        wholesaler,
        parcel,
        ..
    } = World::new();
    let valid = terms(TransferKind::Sale, 0);
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
        let instruction = offer(payer, manufacturer, wholesaler.partner, parcel, terms);
        ledger.refuse(&instruction, refusal);
    }
    for deadline in [NOW + 1, NOW + LONGEST] {
        let mut ledger = ledger.clone();
        ledger.execute(&offer(
            payer,
            manufacturer,
            wholesaler.partner,
            parcel,
            until(deadline),
        ));
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
        let instruction = offer(
            payer,
            manufacturer,
            manufacturer.partner,
            parcel,
            terms(kind, 0),
        );
        ledger.refuse(&instruction, CustodyError::SamePartner);
    }
}

#[test]
fn refuses_anybody_but_the_custodian() {
    let World {
        mut ledger,
        payer,
        manufacturer,
        wholesaler,
        pharmacy,
        parcel,
        ..
    } = World::new();
    let terms = terms(TransferKind::Sale, 0);
    let thief = offer(payer, wholesaler, pharmacy.partner, parcel, terms);
    ledger.refuse(&thief, CustodyError::NotCustodian);
    let with_anothers_key = Site {
        key: wholesaler.key,
        ..manufacturer
    };
    let wrong_key = offer(payer, with_anothers_key, wholesaler.partner, parcel, terms);
    ledger.refuse(&wrong_key, CustodyError::NotPartnerKey);
    let instruction = offer(payer, manufacturer, wholesaler.partner, parcel, terms);
    ledger.refuse_unsigned(&instruction, &[payer, manufacturer.key]);
    ledger.refuse(&instruction.read_only(payer), ErrorCode::ConstraintSigner);
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
    world.hand_over(manufacturer, logistics, parcel, TransferKind::Logistics);
    let sale = offer(
        payer,
        manufacturer,
        pharmacy.partner,
        parcel,
        terms(TransferKind::Sale, 1),
    );
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
    let terms = terms(TransferKind::Sale, 0);
    let instruction = offer(payer, manufacturer, to, parcel, terms);
    ledger.refuse_stand_ins(
        &instruction,
        &[manufacturer.partner, to, parcel.lot, parcel.consignment],
    );
    let transfer = address::transfer(&parcel.consignment, 0);
    ledger.refuse_misplaced(&instruction, transfer);
    let another_lot = instruction.clone().replacing(parcel.lot, other_parcel.lot);
    ledger.refuse(&another_lot, CustodyError::NotConsignmentsLot);
    let another_consignment = offer(
        payer,
        manufacturer,
        to,
        Parcel {
            lot: parcel.lot,
            ..other_parcel
        },
        terms,
    );
    ledger.refuse(&another_consignment, CustodyError::NotConsignmentsLot);
    let anothers_transfer: Address = address::transfer(&other_parcel.consignment, 0);
    let misplaced = instruction.replacing(transfer, anothers_transfer);
    ledger.refuse(&misplaced, ErrorCode::ConstraintSeeds);
}
