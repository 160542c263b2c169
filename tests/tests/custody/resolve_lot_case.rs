use anchor_lang::solana_program::instruction::Instruction;
use custody::{Case, CaseState, Change, CustodyError, ExceptionCode, Lot, LotStatus};
use program_tests::{
    address,
    instruction::{
        Alter,
        custody::{
            determine_case, handoff, open_case, open_lot_case, quarantine_lot, release_lot,
            resolve_lot_case,
        },
    },
    ledger::NOW,
    occasion::finding,
    world::{DOCUMENT, Site, World},
};

use crate::{State, open_case::refuse_other_investigators, open_lot_case::opened, refuse_states};

const RESOLVED: [u8; 32] = [0x0C; 32];

/// A site ends the lot's first case.
fn resolve(world: &World, site: Site, condemned: bool) -> Instruction {
    resolve_lot_case(site, world.parcel.lot, 0, condemned, RESOLVED)
}

#[test]
fn lets_the_lot_move_again_or_keeps_it_quarantined() {
    for determined in [false, true] {
        for condemned in [false, true] {
            let (mut world, case) = opened();
            let World {
                manufacturer,
                regulator,
                parcel,
                ..
            } = world;
            if determined {
                let determination = determine_case(manufacturer, case, DOCUMENT);
                world.ledger.execute(&determination);
            }
            world.ledger.set_time(NOW + 60);
            let effects = [
                world.ledger.effect(case, |case: &mut Case| {
                    case.state = if condemned {
                        CaseState::Condemned
                    } else {
                        CaseState::Cleared
                    };
                    case.document = RESOLVED;
                    case.resolved_by = regulator.gln;
                    case.resolved_at = NOW + 60;
                }),
                world.ledger.effect(parcel.lot, |lot: &mut Lot| {
                    lot.open_cases = 0;
                    if condemned {
                        lot.status = LotStatus::Condemned;
                        lot.quarantined_by = regulator.gln;
                    }
                }),
            ];
            let instruction = resolve(&world, regulator, condemned);
            world.ledger.execute_with_effects(&instruction, &effects);
        }
    }
}

#[test]
fn a_cleared_lot_that_was_quarantined_stays_so() {
    let (mut world, _) = opened();
    let World {
        manufacturer,
        regulator,
        parcel,
        ..
    } = world;
    for instruction in [
        quarantine_lot(regulator, parcel.lot),
        resolve(&world, manufacturer, false),
    ] {
        world.ledger.execute(&instruction);
    }
    let lot: Lot = world.ledger.read(parcel.lot);
    assert_eq!(lot.status, LotStatus::Quarantined);
    assert_eq!(lot.quarantined_by, regulator.gln);
}

#[test]
fn a_condemned_lot_goes_back_and_not_on() {
    let mut world = World::new();
    let World {
        payer,
        manufacturer,
        wholesaler,
        pharmacy,
        regulator,
        parcel,
        ..
    } = world;
    world.hand_over(manufacturer, wholesaler, parcel, Change::Sale);
    let suspect = finding(ExceptionCode::None);
    let (sale, back) = (Change::Sale.code(), Change::Return.code());
    for instruction in [
        open_lot_case(payer, regulator, parcel.lot, 0, suspect),
        resolve(&world, regulator, true),
    ] {
        world.ledger.execute(&instruction);
    }
    let on = handoff(wholesaler, pharmacy, parcel, sale, 1, DOCUMENT);
    world.ledger.refuse(&on, CustodyError::LotQuarantined);
    let home = handoff(wholesaler, manufacturer, parcel, back, 1, DOCUMENT);
    world.ledger.execute(&home);
}

#[test]
fn a_manufacturer_does_not_undo_a_regulators_quarantine_by_condemning_the_lot() {
    let (mut world, _) = opened();
    let World {
        manufacturer,
        regulator,
        parcel,
        ..
    } = world;
    for instruction in [
        quarantine_lot(regulator, parcel.lot),
        resolve(&world, manufacturer, true),
    ] {
        world.ledger.execute(&instruction);
    }
    let release = release_lot(manufacturer, parcel.lot);
    world
        .ledger
        .refuse(&release, CustodyError::ReleasedByRegulator);
}

#[test]
fn a_manufacturer_does_not_clear_an_illegitimate_lot_by_condemning_and_releasing_it() {
    let (mut world, case) = opened();
    let World {
        manufacturer,
        regulator,
        parcel,
        ..
    } = world;
    for instruction in [
        determine_case(regulator, case, DOCUMENT),
        resolve(&world, manufacturer, true),
    ] {
        world.ledger.execute(&instruction);
    }
    let release = release_lot(manufacturer, parcel.lot);
    world
        .ledger
        .refuse(&release, CustodyError::ReleasedByRegulator);
}

#[test]
fn every_case_has_to_be_resolved() {
    let (mut world, _) = opened();
    let World {
        payer,
        manufacturer,
        wholesaler,
        regulator,
        parcel,
        ..
    } = world;
    let suspect = finding(ExceptionCode::None);
    let lot = parcel.lot;
    let sale = Change::Sale.code();
    let transfer = handoff(manufacturer, wholesaler, parcel, sale, 0, DOCUMENT);
    for instruction in [
        open_lot_case(payer, regulator, lot, 1, suspect),
        resolve_lot_case(regulator, lot, 1, false, RESOLVED),
        resolve(&world, manufacturer, false),
    ] {
        world.ledger.refuse(&transfer, CustodyError::LotUnderCase);
        world.ledger.execute(&instruction);
    }
    world.ledger.execute(&transfer);
}

#[test]
fn refuses_to_clear_what_was_found_illegitimate_but_to_a_regulator() {
    let (mut world, case) = opened();
    let World {
        manufacturer,
        regulator,
        ..
    } = world;
    let determination = determine_case(manufacturer, case, DOCUMENT);
    world.ledger.execute(&determination);
    let clearance = resolve(&world, manufacturer, false);
    world
        .ledger
        .refuse(&clearance, CustodyError::CaseDetermined);
    world.after(&[resolve(&world, regulator, false)]);
}

#[test]
fn refuses_a_second_time_and_a_lot_that_counts_no_case() {
    const NONE: [(State<Lot>, CustodyError); 1] =
        [(|lot| lot.open_cases = 0, CustodyError::CaseResolved)];
    let (mut world, _) = opened();
    let first = resolve(&world, world.manufacturer, true);
    refuse_states(&world.ledger, &first, world.parcel.lot, NONE);
    world.ledger.execute(&first);
    for condemned in [false, true] {
        let again = resolve(&world, world.regulator, condemned);
        world.ledger.refuse(&again, CustodyError::CaseResolved);
    }
}

#[test]
fn refuses_anybody_but_the_opener_and_a_regulator() {
    let (world, _) = opened();
    for condemned in [false, true] {
        refuse_other_investigators(&world, |site| resolve(&world, site, condemned));
    }
}

#[test]
fn refuses_what_the_case_is_not_about() {
    let (mut world, case) = opened();
    let World {
        payer,
        manufacturer,
        regulator,
        parcel,
        other_parcel,
        ..
    } = world;
    let suspect = finding(ExceptionCode::None);
    let holder = manufacturer.partner;
    for opening in [
        open_lot_case(payer, regulator, other_parcel.lot, 0, suspect),
        open_case(payer, regulator, holder, parcel, 0, suspect),
    ] {
        world.ledger.execute(&opening);
    }
    let instruction = resolve(&world, regulator, false);
    for mixed in [
        instruction.clone().replacing(parcel.lot, other_parcel.lot),
        instruction
            .clone()
            .replacing(case, address::case(&other_parcel.lot, 0)),
        instruction.replacing(case, address::case(&parcel.consignment, 0)),
    ] {
        world.ledger.refuse(&mixed, CustodyError::NotCasesSubject);
    }
}

#[test]
fn refuses_wrong_accounts() {
    let (mut world, case) = opened();
    let instruction = resolve(&world, world.regulator, false);
    let accounts = [world.regulator.partner, case, world.parcel.lot];
    world.ledger.refuse_stand_ins(&instruction, &accounts);
}
