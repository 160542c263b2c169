use anchor_lang::solana_program::instruction::Instruction;
use custody::{
    Consignment, ConsignmentStatus, CustodyError, Disposition, Lot, UnitBlock, UnitPage,
};
use pedigree_domain::Permissions;
use pedigree_interface::{
    Site, TransferKind,
    instruction::custody::{decommission, destroy_units, dispense, restore_units},
};
use program_tests::{
    address,
    alter::Alter,
    world::{DOCUMENT, World, terms},
};

use crate::{
    INELIGIBLE_OVERSEERS, INELIGIBLE_SENDERS, LOT_UNDER_CASE, NOT_HELD, State, UNDER_CASE,
    decommission::warehouse, expect, recall, refuse_other_signers, refuse_states,
    trail::link_units,
};

/// Units 0 and 5.
const BLOCK: UnitBlock = UnitBlock {
    number: 0,
    units: 1 | 1 << 5,
};

/// The wholesaler's goods, two units of which became that.
fn opened(disposition: Disposition) -> World {
    let world = warehouse();
    let World {
        payer,
        wholesaler,
        goods,
        ..
    } = world;
    world.after(&[decommission(
        payer,
        wholesaler,
        goods,
        BLOCK,
        disposition,
        None,
        None,
    )])
}

fn clearing(world: &World, site: Site) -> Instruction {
    restore_units(site, world.goods, BLOCK, Some(DOCUMENT))
}

#[test]
fn a_suspect_unit_that_was_cleared_is_active_again() {
    let world = opened(Disposition::Suspect);
    let World {
        wholesaler,
        pharmacy,
        regulator,
        goods,
        ..
    } = world;
    for site in [wholesaler, regulator] {
        let mut world = world.clone();
        let page = address::unit_page(&goods.lot, 0);
        let effects = [
            world.ledger.effect(page, |page: &mut UnitPage| {
                (page.dispositions[0], page.dispositions[2]) = (0, 0);
                link_units(page, site, BLOCK, Disposition::Active, DOCUMENT);
            }),
            world
                .ledger
                .effect(goods.consignment, |consignment: &mut Consignment| {
                    (consignment.inactive, consignment.restrictions) = (0, 0);
                }),
        ];
        let instruction = clearing(&world, site);
        world.ledger.execute_with_effects(&instruction, &effects);
        world
            .ledger
            .refuse(&instruction, CustodyError::UnitNotRestorable);
        world.hand_over(wholesaler, pharmacy, goods, TransferKind::Sale);
    }
}

#[test]
fn the_custodian_clears_suspect_units_only_and_a_regulator_what_may_be_an_error() {
    for (disposition, by_custodian, by_regulator) in [
        (Disposition::Suspect, true, true),
        (Disposition::Illegitimate, false, true),
        (Disposition::Stolen, false, true),
        (Disposition::Damaged, false, false),
        (Disposition::Sampled, false, false),
        (Disposition::Exported, false, false),
    ] {
        let world = opened(disposition);
        for (site, may) in [
            (world.wholesaler, by_custodian),
            (world.regulator, by_regulator),
        ] {
            let instruction = clearing(&world, site);
            let refusal = (!may).then_some(CustodyError::UnitNotRestorable);
            expect(&mut world.ledger.clone(), &instruction, refusal);
        }
    }
}

#[test]
fn what_was_dispensed_or_destroyed_stays_so() {
    let mut world = warehouse();
    let World {
        payer,
        wholesaler,
        pharmacy,
        regulator,
        goods,
        ..
    } = world;
    let destroyed = world.after(&[destroy_units(wholesaler, regulator, goods, BLOCK, None)]);
    world.hand_over(wholesaler, pharmacy, goods, TransferKind::Sale);
    let dispensed = world.after(&[dispense(payer, pharmacy, goods, BLOCK, None, None)]);
    for mut world in [destroyed, dispensed] {
        for site in [world.regulator, world.wholesaler, world.pharmacy] {
            let instruction = clearing(&world, site);
            assert!(world.ledger.attempt(&instruction).is_err());
        }
        let instruction = clearing(&world, regulator);
        world
            .ledger
            .refuse(&instruction, CustodyError::UnitNotRestorable);
    }
}

#[test]
fn a_single_unit_that_is_something_else_refuses_all() {
    let world = opened(Disposition::Suspect);
    let mut world = world;
    let more = UnitBlock {
        units: BLOCK.units | 1 << 1,
        ..BLOCK
    };
    for site in [world.wholesaler, world.regulator] {
        let instruction = restore_units(site, world.goods, more, None);
        world
            .ledger
            .refuse(&instruction, CustodyError::UnitNotRestorable);
    }
}

#[test]
fn the_custodian_clears_nothing_that_a_case_holds_and_nothing_without_standing() {
    let world = opened(Disposition::Suspect);
    let (wholesaler, regulator, goods) = (world.wholesaler, world.regulator, world.goods);
    let instruction = clearing(&world, wholesaler);
    refuse_states(&world.ledger, &instruction, goods.consignment, UNDER_CASE);
    refuse_states(&world.ledger, &instruction, goods.lot, LOT_UNDER_CASE);
    refuse_states(&world.ledger, &instruction, goods.consignment, NOT_HELD);
    for (disqualify, refusal) in INELIGIBLE_SENDERS {
        let mut world = world.clone();
        disqualify(&mut world, wholesaler);
        world.ledger.refuse(&instruction, refusal);
    }
    // A regulator decides though a case is open, and though the goods are on offer.
    let by_regulator = clearing(&world, regulator);
    let mut held = world.clone();
    held.ledger.edit(goods.consignment, UNDER_CASE[0].0);
    held.ledger.execute(&by_regulator);
    let mut recalled = world.clone();
    recalled
        .ledger
        .edit(goods.lot, |lot: &mut Lot| recall(lot, 0, 10));
    recalled.ledger.execute(&by_regulator);
    let mut offered = world.clone();
    let (logistics, now) = (offered.logistics, offered.now(goods));
    offered.offer(wholesaler, logistics, now, terms(TransferKind::Logistics));
    offered.ledger.execute(&by_regulator);
    const GONE: [(State<Consignment>, CustodyError); 3] = [
        (
            |consignment| consignment.status = ConsignmentStatus::Destroyed,
            CustodyError::UnitsGone,
        ),
        (
            |consignment| consignment.status = ConsignmentStatus::Stolen,
            CustodyError::UnitsGone,
        ),
        (
            |consignment| consignment.status = ConsignmentStatus::Exported,
            CustodyError::UnitsGone,
        ),
    ];
    refuse_states(&world.ledger, &by_regulator, goods.consignment, GONE);
}

#[test]
fn nobody_else_clears_units() {
    let mut world = opened(Disposition::Suspect);
    let World {
        manufacturer,
        wholesaler,
        pharmacy,
        regulator,
        ..
    } = world;
    // Not who made the goods, nor anybody who wants to buy them.
    for site in [manufacturer, pharmacy] {
        let instruction = clearing(&world, site);
        world
            .ledger
            .refuse(&instruction, CustodyError::NotCustodian);
    }
    for site in [wholesaler, regulator] {
        let instruction = clearing(&world, site);
        refuse_other_signers(&mut world.ledger, &instruction, &[site]);
    }
    let instruction = clearing(&world, regulator);
    for (disqualify, refusal) in INELIGIBLE_OVERSEERS {
        let mut world = world.clone();
        disqualify(&mut world, regulator);
        let refusal = if refusal == CustodyError::NotOverseer {
            CustodyError::NotCustodian
        } else {
            refusal
        };
        world.ledger.refuse(&instruction, refusal);
    }
}

#[test]
fn an_operator_signs_with_the_permission() {
    let mut world = opened(Disposition::Suspect);
    let wholesaler = world.wholesaler;
    let qa = world.appoint(wholesaler, "qa", Permissions::QUARANTINE);
    let by_operator = Site::by_operator(wholesaler.gln, qa.key);
    let instruction = clearing(&world, by_operator);
    world.ledger.execute(&instruction);
}

#[test]
fn refuses_wrong_accounts_and_units() {
    let mut world = opened(Disposition::Suspect);
    let World {
        wholesaler,
        goods,
        other_goods,
        ..
    } = world;
    let instruction = clearing(&world, wholesaler);
    let accounts = [
        wholesaler.partner,
        goods.lot,
        goods.consignment,
        address::unit_page(&goods.lot, 0),
    ];
    world.ledger.refuse_stand_ins(&instruction, &accounts);
    let other_lot = instruction.replacing(goods.lot, other_goods.lot);
    world
        .ledger
        .refuse(&other_lot, CustodyError::NotConsignmentsLot);
    let nothing = UnitBlock { units: 0, ..BLOCK };
    let instruction = restore_units(wholesaler, goods, nothing, None);
    world.ledger.refuse(&instruction, CustodyError::NoUnits);
    let mut world = warehouse();
    let tail = world.cut(wholesaler, goods, 9_990);
    let elsewhere = restore_units(wholesaler, tail, BLOCK, None);
    world
        .ledger
        .refuse(&elsewhere, CustodyError::UnitOutsideConsignment);
}
