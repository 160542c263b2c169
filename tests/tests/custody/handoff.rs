use anchor_lang::solana_program::instruction::Instruction;
use custody::{Change, Consignment, CustodyError};
use pedigree_domain::Roles;
use program_tests::{
    instruction::custody::handoff,
    ledger::NOW,
    world::{DOCUMENT, Parcel, Site, World},
};
use registry::Partner;

use crate::{
    BEYOND_THE_LOT, KINDS, NOT_HELD, RECEIVER_BARS, SENDER_BARS, arrives, ready, refuse_immovable,
    refuse_other_signers, refuse_states,
};

const SALE: u8 = Change::Sale.code();

/// The manufacturer sells the parcel to the wholesaler.
fn sell(world: &World) -> Instruction {
    handoff(
        world.manufacturer,
        world.wholesaler,
        world.parcel,
        SALE,
        0,
        DOCUMENT,
    )
}

#[test]
fn moves_custody_at_once() {
    for kind in KINDS {
        let (mut world, from, to, sequence) = ready(kind);
        let parcel = world.parcel;
        let effect = world
            .ledger
            .effect(parcel.consignment, |consignment: &mut Consignment| {
                consignment.sequence = sequence + 1;
                arrives(consignment, from, to, kind);
            });
        let instruction = handoff(from, to, parcel, kind.code(), sequence, DOCUMENT);
        world.ledger.execute_with_effects(&instruction, &[effect]);
    }
}

#[test]
fn hands_many_parcels_over_in_one_transaction() {
    let World {
        mut ledger,
        manufacturer,
        wholesaler,
        parcel,
        other_parcel,
        ..
    } = World::new();
    let instructions = [parcel, other_parcel]
        .map(|parcel| handoff(manufacturer, wholesaler, parcel, SALE, 0, DOCUMENT));
    ledger
        .attempt_all(&instructions)
        .expect("both are handed over");
    for parcel in [parcel, other_parcel] {
        let consignment: Consignment = ledger.read(parcel.consignment);
        assert_eq!(consignment.custodian, wholesaler.gln);
    }
}

#[test]
fn one_key_may_sign_for_both_sites() {
    let World {
        mut ledger,
        manufacturer,
        wholesaler,
        parcel,
        ..
    } = World::new();
    ledger.edit(wholesaler.partner, |partner: &mut Partner| {
        partner.authority = manufacturer.key
    });
    let to = Site {
        key: manufacturer.key,
        ..wholesaler
    };
    ledger.execute(&handoff(manufacturer, to, parcel, SALE, 0, DOCUMENT));
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
    for sequence in [0, 1, 3, u32::MAX] {
        let instruction = handoff(manufacturer, wholesaler, parcel, SALE, sequence, DOCUMENT);
        world
            .ledger
            .refuse(&instruction, CustodyError::StaleSequence);
    }
}

#[test]
fn refuses_a_second_time() {
    let mut world = World::new();
    let instruction = sell(&world);
    world.ledger.execute(&instruction);
    world
        .ledger
        .refuse(&instruction, CustodyError::NotCustodian);
}

#[test]
fn refuses_the_handoff_after_the_last_sequence() {
    let World {
        mut ledger,
        manufacturer,
        wholesaler,
        parcel,
        ..
    } = World::new();
    ledger.edit(parcel.consignment, |consignment: &mut Consignment| {
        consignment.sequence = u32::MAX;
    });
    let instruction = handoff(manufacturer, wholesaler, parcel, SALE, u32::MAX, DOCUMENT);
    ledger.refuse(&instruction, CustodyError::SequenceExhausted);
}

#[test]
fn refuses_a_consignment_that_is_not_held_or_no_run_of_its_lot() {
    let world = World::new();
    let (instruction, consignment) = (sell(&world), world.parcel.consignment);
    refuse_states(&world.ledger, &instruction, consignment, NOT_HELD);
    refuse_states(&world.ledger, &instruction, consignment, BEYOND_THE_LOT);
}

#[test]
fn refuses_either_side_that_may_not_trade() {
    for kind in KINDS {
        for (bar, refusal) in SENDER_BARS {
            let (mut world, from, to, sequence) = ready(kind);
            bar(&mut world, from);
            let instruction = handoff(from, to, world.parcel, kind.code(), sequence, DOCUMENT);
            world.ledger.refuse(&instruction, refusal);
        }
        for (bar, refusal) in RECEIVER_BARS {
            let (mut world, from, to, sequence) = ready(kind);
            bar(&mut world, to);
            let instruction = handoff(from, to, world.parcel, kind.code(), sequence, DOCUMENT);
            world.ledger.refuse(&instruction, refusal);
        }
    }
}

#[test]
fn allows_the_last_second_of_both_licences() {
    let mut world = World::new();
    for site in [world.manufacturer, world.wholesaler] {
        world.ledger.edit(site.partner, |partner: &mut Partner| {
            partner.licence_valid_until = NOW + 1
        });
    }
    let instruction = sell(&world);
    world.ledger.execute(&instruction);
}

#[test]
fn takes_a_receiver_in_the_roles_of_the_kind_only() {
    let may_receive = |kind: Change, role: Roles| {
        let takers = match kind {
            Change::Sale => Roles::OWNERS,
            Change::Return => Roles::OWNERS.difference(Roles::DISPENSER),
            Change::Logistics => Roles::CUSTODIANS,
            _ => Roles::CUSTODIANS.difference(Roles::DISPENSER),
        };
        takers.contains(role)
    };
    for role in Roles::all().iter() {
        for kind in KINDS {
            let (mut world, from, to, sequence) = ready(kind);
            world.license(to, role);
            let instruction = handoff(from, to, world.parcel, kind.code(), sequence, DOCUMENT);
            if may_receive(kind, role) {
                world.ledger.execute(&instruction);
            } else {
                world
                    .ledger
                    .refuse(&instruction, CustodyError::ReceiverRole);
            }
        }
    }
}

#[test]
fn refuses_to_sell_what_another_owns() {
    let mut world = World::new();
    let World {
        manufacturer,
        logistics,
        pharmacy,
        parcel,
        ..
    } = world;
    world.hand_over(manufacturer, logistics, parcel, Change::Logistics);
    world.license(logistics, Roles::all());
    let sale = handoff(logistics, pharmacy, parcel, SALE, 1, DOCUMENT);
    world.ledger.refuse(&sale, CustodyError::SenderNotOwner);
}

#[test]
fn refuses_what_is_immovable() {
    for kind in KINDS {
        let (world, from, to, sequence) = ready(kind);
        let World { ledger, parcel, .. } = world;
        let instruction = handoff(from, to, parcel, kind.code(), sequence, DOCUMENT);
        refuse_immovable(&ledger, &instruction, kind, parcel.lot, parcel.consignment);
    }
}

#[test]
fn refuses_unknown_kinds() {
    let World {
        mut ledger,
        manufacturer,
        wholesaler,
        parcel,
        ..
    } = World::new();
    let transfers = Change::Sale.code()..=Change::Disposal.code();
    for kind in (0..=u8::MAX).filter(|kind| !transfers.contains(kind)) {
        let instruction = handoff(manufacturer, wholesaler, parcel, kind, 0, DOCUMENT);
        ledger.refuse(&instruction, CustodyError::InvalidKind);
    }
}

#[test]
fn refuses_one_site_on_both_sides() {
    let World {
        mut ledger,
        manufacturer,
        parcel,
        ..
    } = World::new();
    for kind in KINDS {
        let instruction = handoff(manufacturer, manufacturer, parcel, kind.code(), 0, DOCUMENT);
        ledger.refuse(&instruction, CustodyError::SamePartner);
    }
}

#[test]
fn refuses_anybody_but_the_custodian_and_the_receiver() {
    let mut world = World::new();
    let World {
        manufacturer,
        wholesaler,
        pharmacy,
        parcel,
        ..
    } = world;
    let thief = handoff(pharmacy, wholesaler, parcel, SALE, 0, DOCUMENT);
    world.ledger.refuse(&thief, CustodyError::NotCustodian);
    let instruction = sell(&world);
    refuse_other_signers(&mut world.ledger, &instruction, &[manufacturer, wholesaler]);
}

#[test]
fn refuses_wrong_accounts() {
    let mut world = World::new();
    let World {
        manufacturer,
        wholesaler,
        parcel,
        other_parcel,
        ..
    } = world;
    let instruction = sell(&world);
    world.ledger.refuse_stand_ins(
        &instruction,
        &[
            manufacturer.partner,
            wholesaler.partner,
            parcel.lot,
            parcel.consignment,
        ],
    );
    for mixed in [
        Parcel {
            lot: other_parcel.lot,
            ..parcel
        },
        Parcel {
            lot: parcel.lot,
            ..other_parcel
        },
    ] {
        let instruction = handoff(manufacturer, wholesaler, mixed, SALE, 0, DOCUMENT);
        world
            .ledger
            .refuse(&instruction, CustodyError::NotConsignmentsLot);
    }
}
