use anchor_lang::solana_program::instruction::Instruction;
use custody::{
    Change, Consignment, CustodyError, Disposition, Lot, Restrictions, UnitBlock, UnitPage,
};
use pedigree_domain::Permissions;
use program_tests::{
    address,
    instruction::{
        Alter,
        custody::{decommission, destroy_units, open_unit_page},
    },
    world::{Site, UNITS, World},
};

use crate::{
    NOT_HELD, SENDER_BARS, UNDER_CASE, UNSALEABLE, recall, refuse_other_signers, refuse_states,
    restrict,
};

/// Unit 8,190 and the two after it but one: the last of page 0 are two of them.
const LAST: UnitBlock = UnitBlock {
    number: 127,
    units: 0b101 << 61,
};

/// Dispositions that a custodian alone may give.
const ALONE: [Disposition; 6] = [
    Disposition::Stolen,
    Disposition::Sampled,
    Disposition::Exported,
    Disposition::Damaged,
    Disposition::Suspect,
    Disposition::Illegitimate,
];

/// A wholesaler that owns a whole lot with an open page.
fn warehouse() -> World {
    let mut world = World::new();
    let (payer, parcel) = (world.payer, world.parcel);
    world.ledger.execute(&open_unit_page(payer, parcel.lot, 0));
    let (manufacturer, wholesaler) = (world.manufacturer, world.wholesaler);
    world.hand_over(manufacturer, wholesaler, parcel, Change::Sale);
    world
}

fn becoming(world: &World, disposition: Disposition) -> Instruction {
    decommission(world.wholesaler, world.parcel, LAST, disposition.code())
}

fn destruction(world: &World) -> Instruction {
    destroy_units(world.wholesaler, world.regulator, world.parcel, LAST)
}

#[test]
fn units_leave_the_chain_one_by_one() {
    for disposition in ALONE {
        let mut world = warehouse();
        let parcel = world.parcel;
        let page = address::unit_page(&parcel.lot, 0);
        let effects = [
            world.ledger.effect(page, |page: &mut UnitPage| {
                (page.dispositions[4_094], page.dispositions[4_095]) =
                    (disposition.code() << 4, disposition.code() << 4);
            }),
            world
                .ledger
                .effect(parcel.consignment, |consignment: &mut Consignment| {
                    consignment.inactive = 2;
                    restrict(consignment, Restrictions::OPENED);
                }),
        ];
        let instruction = becoming(&world, disposition);
        world.ledger.execute_with_effects(&instruction, &effects);
    }
}

#[test]
fn only_some_dispositions_lead_to_others() {
    for first in ALONE {
        let world = warehouse();
        let gone = world.after(&[becoming(&world, first)]);
        for second in ALONE {
            let mut world = gone.clone();
            let instruction = becoming(&world, second);
            if first == Disposition::Suspect && second == Disposition::Illegitimate {
                world.ledger.execute(&instruction);
                let consignment: Consignment = world.ledger.read(world.parcel.consignment);
                assert_eq!(consignment.inactive, 2, "counted once");
            } else {
                world
                    .ledger
                    .refuse(&instruction, CustodyError::UnitNotActive);
            }
        }
        let mut world = gone.clone();
        let instruction = destruction(&world);
        if [
            Disposition::Damaged,
            Disposition::Suspect,
            Disposition::Illegitimate,
        ]
        .contains(&first)
        {
            world.ledger.execute(&instruction);
            let consignment: Consignment = world.ledger.read(world.parcel.consignment);
            assert_eq!(consignment.inactive, 2, "counted once");
            world
                .ledger
                .refuse(&instruction, CustodyError::UnitNotActive);
        } else {
            world
                .ledger
                .refuse(&instruction, CustodyError::UnitNotActive);
        }
    }
}

#[test]
fn what_needs_more_than_the_custodian_is_no_disposition_here() {
    let mut world = warehouse();
    for disposition in [
        Disposition::Active,
        Disposition::Dispensed,
        Disposition::Destroyed,
        Disposition::from_code(9),
        Disposition::from_code(16),
        Disposition::from_code(u8::MAX),
    ] {
        let instruction = becoming(&world, disposition);
        world
            .ledger
            .refuse(&instruction, CustodyError::InvalidDisposition);
    }
}

#[test]
fn what_is_unfit_is_still_reported_but_not_exported() {
    for disposition in ALONE {
        let world = warehouse();
        let instruction = becoming(&world, disposition);
        let is_export = disposition == Disposition::Exported;
        refuse_states(
            &world.ledger,
            &instruction,
            world.parcel.consignment,
            NOT_HELD,
        );
        for (state, refusal) in UNDER_CASE.into_iter().chain(UNSALEABLE) {
            let mut world = world.clone();
            world.ledger.edit(world.parcel.consignment, state);
            crate::expect(
                &mut world.ledger,
                &instruction,
                is_export.then_some(refusal),
            );
        }
        let mut recalled = world.clone();
        recalled
            .ledger
            .edit(world.parcel.lot, |lot: &mut Lot| recall(lot, 0, UNITS));
        crate::expect(
            &mut recalled.ledger,
            &instruction,
            is_export.then_some(CustodyError::Recalled),
        );
        for (bar, refusal) in SENDER_BARS {
            let mut world = world.clone();
            let wholesaler = world.wholesaler;
            bar(&mut world, wholesaler);
            crate::expect(
                &mut world.ledger,
                &instruction,
                is_export.then_some(refusal),
            );
        }
    }
    // Who only keeps goods for their owner exports nothing.
    let mut world = warehouse();
    let (wholesaler, logistics, parcel) = (world.wholesaler, world.logistics, world.parcel);
    world.hand_over(wholesaler, logistics, parcel, Change::Logistics);
    let instruction = decommission(logistics, parcel, LAST, Disposition::Exported.code());
    world
        .ledger
        .refuse(&instruction, CustodyError::SenderNotOwner);
}

#[test]
fn only_the_custodian_and_only_its_units() {
    let mut world = warehouse();
    let World {
        wholesaler,
        manufacturer,
        regulator,
        parcel,
        other_parcel,
        payer,
        ..
    } = world;
    let reporting = becoming(&world, Disposition::Stolen);
    let destroying = destruction(&world);
    refuse_other_signers(&mut world.ledger, &reporting, &[wholesaler]);
    refuse_other_signers(&mut world.ledger, &destroying, &[wholesaler, regulator]);
    let stolen = Disposition::Stolen.code();
    for instruction in [
        decommission(manufacturer, parcel, LAST, stolen),
        destroy_units(manufacturer, regulator, parcel, LAST),
    ] {
        world
            .ledger
            .refuse(&instruction, CustodyError::NotCustodian);
    }
    let tail = world.cut(wholesaler, parcel, UNITS - 8_189);
    for instruction in [&reporting, &destroying] {
        world
            .ledger
            .refuse(instruction, CustodyError::UnitOutsideConsignment);
    }
    world
        .ledger
        .execute(&open_unit_page(payer, other_parcel.lot, 0));
    let page = address::unit_page(&parcel.lot, 0);
    let other_page = address::unit_page(&other_parcel.lot, 0);
    let nothing = UnitBlock {
        number: 127,
        units: 0,
    };
    for (instruction, empty) in [
        (
            decommission(wholesaler, tail, UnitBlock::of(8_190), stolen),
            decommission(wholesaler, tail, nothing, stolen),
        ),
        (
            destroy_units(wholesaler, regulator, tail, UnitBlock::of(8_190)),
            destroy_units(wholesaler, regulator, tail, nothing),
        ),
    ] {
        world.ledger.refuse(&empty, CustodyError::NoUnits);
        let elsewhere = instruction.clone().replacing(page, other_page);
        world.ledger.refuse(&elsewhere, CustodyError::NotUnitsPage);
        let other_lot = instruction.replacing(parcel.lot, other_parcel.lot);
        world
            .ledger
            .refuse(&other_lot, CustodyError::NotConsignmentsLot);
    }
}

#[test]
fn a_destruction_needs_a_witness_and_no_case() {
    let mut world = warehouse();
    let World {
        wholesaler,
        regulator,
        parcel,
        ..
    } = world;
    let instruction = destruction(&world);
    refuse_states(&world.ledger, &instruction, parcel.consignment, NOT_HELD);
    refuse_states(&world.ledger, &instruction, parcel.consignment, UNDER_CASE);
    refuse_states(
        &world.ledger,
        &instruction,
        parcel.lot,
        crate::LOT_UNDER_CASE,
    );
    let alone = destroy_units(wholesaler, wholesaler, parcel, LAST);
    world.ledger.refuse(&alone, CustodyError::WitnessIsActor);
    for (bar, refusal) in &SENDER_BARS[..3] {
        let mut world = world.clone();
        bar(&mut world, regulator);
        world.ledger.refuse(&instruction, *refusal);
    }
    let watch = world.appoint(regulator, "watch", Permissions::WITNESS);
    let by_operator = Site {
        key: watch.key,
        ..regulator
    };
    let watched = destroy_units(wholesaler, by_operator, parcel, LAST).inserting(7, watch.operator);
    world.ledger.execute(&watched);
}
