use anchor_lang::{ErrorCode, solana_program::instruction::Instruction};
use custody::{Change, Consignment, CustodyError};
use program_tests::{
    effect::Effect,
    instruction::{
        Alter,
        custody::{merge, pack},
    },
    occasion::SSCC,
    world::{Parcel, UNITS, World},
};

use crate::{NOT_HELD, State, UNDER_CASE, refuse_other_signers, refuse_states, trail::link};

/// A world in which the parcel's last hundred units are cut off, and the part.
fn cut() -> (World, Parcel) {
    let mut world = World::new();
    let (manufacturer, parcel) = (world.manufacturer, world.parcel);
    let part = world.cut(manufacturer, parcel, 100);
    (world, part)
}

/// The manufacturer joins the part to the parcel again.
fn join(world: &World, part: Parcel) -> Instruction {
    let (parcel, part) = (world.parcel.consignment, part.consignment);
    merge(world.payer, world.manufacturer, (parcel, 1), (part, 1))
}

#[test]
fn joins_the_next_run_and_gives_its_rent_back() {
    let (mut world, part) = cut();
    let World {
        payer,
        manufacturer,
        parcel,
        ..
    } = world;
    for consignment in [parcel.consignment, part.consignment] {
        world.ledger.execute(&pack(manufacturer, consignment, SSCC));
    }
    let neighbour: Consignment = world.ledger.read(part.consignment);
    let effects = [
        world
            .ledger
            .effect(parcel.consignment, |consignment: &mut Consignment| {
                consignment.sequence = 2;
                consignment.quantity = UNITS;
                consignment.sscc = 0;
                consignment.document = neighbour.trail;
                consignment.kind = Change::Merge;
                consignment.trail = link(consignment);
            }),
        Effect::Closing {
            account: part.consignment,
            payee: payer,
        },
    ];
    let instruction = join(&world, part);
    world.ledger.execute_with_effects(&instruction, &effects);
}

#[test]
fn joins_runs_in_any_order() {
    let mut world = World::new();
    let World {
        payer,
        manufacturer,
        parcel,
        ..
    } = world;
    let last = world.cut(manufacturer, parcel, 100);
    let middle = world.cut(manufacturer, parcel, 100);
    let [parcel, middle, last] = [parcel, middle, last].map(|parcel| parcel.consignment);
    for (first, second) in [((middle, 2), (last, 1)), ((parcel, 2), (middle, 3))] {
        world
            .ledger
            .execute(&merge(payer, manufacturer, first, second));
    }
    let whole: Consignment = world.ledger.read(parcel);
    assert_eq!((whole.first_unit, whole.quantity), (0, UNITS));
    assert_eq!(world.ledger.find_account(middle), None);
    assert_eq!(world.ledger.find_account(last), None);
}

#[test]
fn the_custodian_may_have_paid() {
    let mut world = World::new();
    let World {
        manufacturer,
        parcel,
        ..
    } = world;
    world.payer = manufacturer.key;
    let part = world.cut(manufacturer, parcel, 100);
    let instruction = join(&world, part);
    world.ledger.execute(&instruction);
}

#[test]
fn refuses_what_is_not_the_next_run_of_the_lot() {
    let (mut world, last) = cut();
    let World {
        payer,
        manufacturer,
        parcel,
        other_parcel,
        ..
    } = world;
    let middle = world.cut(manufacturer, parcel, 100);
    let [parcel, middle, last, other] =
        [parcel, middle, last, other_parcel].map(|parcel| parcel.consignment);
    for (first, second) in [
        ((parcel, 2), (last, 1)),
        ((last, 1), (middle, 2)),
        ((middle, 2), (parcel, 2)),
        ((last, 1), (parcel, 2)),
        ((parcel, 2), (other, 0)),
        ((last, 1), (other, 0)),
    ] {
        let instruction = merge(payer, manufacturer, first, second);
        world
            .ledger
            .refuse(&instruction, CustodyError::NotNeighbours);
    }
    // The units that would come next if the other lot were this one.
    world.ledger.edit(other, |consignment: &mut Consignment| {
        consignment.first_unit = UNITS - 200;
    });
    let instruction = merge(payer, manufacturer, (parcel, 2), (other, 0));
    world
        .ledger
        .refuse(&instruction, CustodyError::NotNeighbours);
}

#[test]
fn refuses_units_beyond_the_last_that_can_be_counted() {
    let (mut world, part) = cut();
    let instruction = join(&world, part);
    for (consignment, first_unit, quantity) in [
        (world.parcel, u32::MAX, 1),
        (world.parcel, 1, u32::MAX),
        (part, UNITS - 100, u32::MAX),
    ] {
        let mut ledger = world.ledger.clone();
        ledger.edit(consignment.consignment, |fields: &mut Consignment| {
            fields.first_unit = first_unit;
            fields.quantity = quantity;
        });
        ledger.refuse(&instruction, CustodyError::NotNeighbours);
    }
    world
        .ledger
        .edit(world.parcel.consignment, |fields: &mut Consignment| {
            fields.sequence = u32::MAX;
        });
    let parcel = (world.parcel.consignment, u32::MAX);
    let neighbour = (part.consignment, 1);
    let instruction = merge(world.payer, world.manufacturer, parcel, neighbour);
    world
        .ledger
        .refuse(&instruction, CustodyError::SequenceExhausted);
}

#[test]
fn refuses_unlike_neighbours() {
    const UNLIKE: [(State<Consignment>, CustodyError); 6] = [
        (
            |neighbour| neighbour.custodian += 1,
            CustodyError::UnlikeNeighbours,
        ),
        (
            |neighbour| neighbour.owner += 1,
            CustodyError::UnlikeNeighbours,
        ),
        (
            |neighbour| neighbour.supplier += 1,
            CustodyError::UnlikeNeighbours,
        ),
        (
            |neighbour| neighbour.restrictions = 1,
            CustodyError::UnlikeNeighbours,
        ),
        (
            |neighbour| neighbour.restrictions = 2,
            CustodyError::UnlikeNeighbours,
        ),
        (
            |neighbour| neighbour.restrictions = 4,
            CustodyError::UnlikeNeighbours,
        ),
    ];
    let (world, part) = cut();
    let instruction = join(&world, part);
    refuse_states(&world.ledger, &instruction, part.consignment, UNLIKE);
}

#[test]
fn refuses_what_is_not_held_or_under_case_on_either_side() {
    let (world, part) = cut();
    let instruction = join(&world, part);
    for consignment in [world.parcel.consignment, part.consignment] {
        refuse_states(&world.ledger, &instruction, consignment, NOT_HELD);
        refuse_states(&world.ledger, &instruction, consignment, UNDER_CASE);
    }
}

#[test]
fn refuses_a_stale_sequence_on_either_side() {
    let (mut world, part) = cut();
    let (parcel, part) = (world.parcel.consignment, part.consignment);
    for (sequence, neighbour_sequence) in [(0, 1), (2, 1), (1, 0), (1, 2), (u32::MAX, u32::MAX)] {
        let neighbour = (part, neighbour_sequence);
        let instruction = merge(
            world.payer,
            world.manufacturer,
            (parcel, sequence),
            neighbour,
        );
        world
            .ledger
            .refuse(&instruction, CustodyError::StaleSequence);
    }
}

#[test]
fn refuses_a_consignment_and_itself() {
    let (mut world, _) = cut();
    let parcel = (world.parcel.consignment, 1);
    let instruction = merge(world.payer, world.manufacturer, parcel, parcel);
    world
        .ledger
        .refuse(&instruction, ErrorCode::ConstraintDuplicateMutableAccount);
}

#[test]
fn refuses_to_pay_the_rent_to_another() {
    let (mut world, part) = cut();
    let World {
        payer, regulator, ..
    } = world;
    let stranger = world.ledger.key("stranger");
    let instruction = join(&world, part);
    for other in [stranger, regulator.partner] {
        let instruction = instruction.clone().replacing(payer, other);
        world.ledger.refuse(&instruction, CustodyError::NotPayer);
    }
    world
        .ledger
        .refuse(&instruction.read_only(payer), ErrorCode::ConstraintMut);
}

#[test]
fn refuses_anybody_but_the_custodian() {
    let (mut world, part) = cut();
    let World {
        payer,
        manufacturer,
        wholesaler,
        parcel,
        ..
    } = world;
    let (first, second) = ((parcel.consignment, 1), (part.consignment, 1));
    let thief = merge(payer, wholesaler, first, second);
    world.ledger.refuse(&thief, CustodyError::NotCustodian);
    let instruction = join(&world, part);
    refuse_other_signers(&mut world.ledger, &instruction, &[manufacturer]);
}

#[test]
fn refuses_wrong_accounts() {
    let (mut world, part) = cut();
    let instruction = join(&world, part);
    let accounts = [
        world.manufacturer.partner,
        world.parcel.consignment,
        part.consignment,
    ];
    world.ledger.refuse_stand_ins(&instruction, &accounts);
}
