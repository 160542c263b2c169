use anchor_lang::solana_program::instruction::Instruction;
use custody::{Consignment, CustodyError, Disposition, Lot, Restrictions, UnitBlock, UnitPage};
use pedigree_domain::Permissions;
use pedigree_interface::{
    Site, TransferKind,
    instruction::custody::{decommission, destroy_units, open_unit_page},
};
use program_tests::{
    address,
    alter::Alter,
    world::{UNITS, World},
};

use crate::{
    INELIGIBLE_SENDERS, NOT_HELD, UNDER_CASE, UNSALEABLE, recall, refuse_other_signers,
    refuse_states, restrict,
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
    let (payer, goods) = (world.payer, world.goods);
    world.ledger.execute(&open_unit_page(payer, goods.lot, 0));
    let (manufacturer, wholesaler) = (world.manufacturer, world.wholesaler);
    world.hand_over(manufacturer, wholesaler, goods, TransferKind::Sale);
    world
}

fn becoming(world: &World, disposition: Disposition) -> Instruction {
    decommission(world.wholesaler, world.goods, LAST, disposition, None)
}

fn destruction(world: &World) -> Instruction {
    destroy_units(world.wholesaler, world.regulator, world.goods, LAST, None)
}

#[test]
fn units_leave_the_chain_one_by_one() {
    for disposition in ALONE {
        let mut world = warehouse();
        let goods = world.goods;
        let page = address::unit_page(&goods.lot, 0);
        let effects = [
            world.ledger.effect(page, |page: &mut UnitPage| {
                (page.dispositions[4_094], page.dispositions[4_095]) =
                    (disposition.code() << 4, disposition.code() << 4);
            }),
            world
                .ledger
                .effect(goods.consignment, |consignment: &mut Consignment| {
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
                let consignment: Consignment = world.ledger.read(world.goods.consignment);
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
            let consignment: Consignment = world.ledger.read(world.goods.consignment);
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
            world.goods.consignment,
            NOT_HELD,
        );
        for (state, refusal) in UNDER_CASE.into_iter().chain(UNSALEABLE) {
            let mut world = world.clone();
            world.ledger.edit(world.goods.consignment, state);
            crate::expect(
                &mut world.ledger,
                &instruction,
                is_export.then_some(refusal),
            );
        }
        let mut recalled = world.clone();
        recalled
            .ledger
            .edit(world.goods.lot, |lot: &mut Lot| recall(lot, 0, UNITS));
        crate::expect(
            &mut recalled.ledger,
            &instruction,
            is_export.then_some(CustodyError::Recalled),
        );
        for (disqualify, refusal) in INELIGIBLE_SENDERS {
            let mut world = world.clone();
            let wholesaler = world.wholesaler;
            disqualify(&mut world, wholesaler);
            crate::expect(
                &mut world.ledger,
                &instruction,
                is_export.then_some(refusal),
            );
        }
    }
    // A site that only stores goods for their owner may not export them.
    let mut world = warehouse();
    let (wholesaler, logistics, goods) = (world.wholesaler, world.logistics, world.goods);
    world.hand_over(wholesaler, logistics, goods, TransferKind::Logistics);
    let instruction = decommission(logistics, goods, LAST, Disposition::Exported, None);
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
        goods,
        other_goods,
        payer,
        ..
    } = world;
    let reporting = becoming(&world, Disposition::Stolen);
    let destroying = destruction(&world);
    refuse_other_signers(&mut world.ledger, &reporting, &[wholesaler]);
    refuse_other_signers(&mut world.ledger, &destroying, &[wholesaler, regulator]);
    let stolen = Disposition::Stolen.code();
    for instruction in [
        decommission(
            manufacturer,
            goods,
            LAST,
            Disposition::from_code(stolen),
            None,
        ),
        destroy_units(manufacturer, regulator, goods, LAST, None),
    ] {
        world
            .ledger
            .refuse(&instruction, CustodyError::NotCustodian);
    }
    let tail = world.cut(wholesaler, goods, UNITS - 8_189);
    for instruction in [&reporting, &destroying] {
        world
            .ledger
            .refuse(instruction, CustodyError::UnitOutsideConsignment);
    }
    world
        .ledger
        .execute(&open_unit_page(payer, other_goods.lot, 0));
    let page = address::unit_page(&goods.lot, 0);
    let other_page = address::unit_page(&other_goods.lot, 0);
    let nothing = UnitBlock {
        number: 127,
        units: 0,
    };
    for (instruction, empty) in [
        (
            decommission(
                wholesaler,
                tail,
                UnitBlock::of(8_190),
                Disposition::from_code(stolen),
                None,
            ),
            decommission(
                wholesaler,
                tail,
                nothing,
                Disposition::from_code(stolen),
                None,
            ),
        ),
        (
            destroy_units(wholesaler, regulator, tail, UnitBlock::of(8_190), None),
            destroy_units(wholesaler, regulator, tail, nothing, None),
        ),
    ] {
        world.ledger.refuse(&empty, CustodyError::NoUnits);
        let elsewhere = instruction.clone().replacing(page, other_page);
        world.ledger.refuse(&elsewhere, CustodyError::NotUnitsPage);
        let other_lot = instruction.replacing(goods.lot, other_goods.lot);
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
        goods,
        ..
    } = world;
    let instruction = destruction(&world);
    refuse_states(&world.ledger, &instruction, goods.consignment, NOT_HELD);
    refuse_states(&world.ledger, &instruction, goods.consignment, UNDER_CASE);
    refuse_states(
        &world.ledger,
        &instruction,
        goods.lot,
        crate::LOT_UNDER_CASE,
    );
    let alone = destroy_units(wholesaler, wholesaler, goods, LAST, None);
    world.ledger.refuse(&alone, CustodyError::WitnessIsActor);
    for (disqualify, refusal) in &INELIGIBLE_SENDERS[..3] {
        let mut world = world.clone();
        disqualify(&mut world, regulator);
        world.ledger.refuse(&instruction, *refusal);
    }
    let watch = world.appoint(regulator, "watch", Permissions::WITNESS);
    let by_operator = Site {
        key: watch.key,
        ..regulator
    };
    let watched =
        destroy_units(wholesaler, by_operator, goods, LAST, None).inserting(7, watch.operator);
    world.ledger.execute(&watched);
}
