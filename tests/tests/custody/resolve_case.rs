use anchor_lang::solana_program::instruction::Instruction;
use custody::{Case, CaseState, Change, Consignment, CustodyError, ExceptionCode, Restrictions};
use program_tests::{
    address,
    instruction::{
        Alter,
        custody::{determine_case, handoff, open_case, open_lot_case, resolve_case},
    },
    ledger::NOW,
    occasion::finding,
    world::{DOCUMENT, Site, World},
};

use crate::{
    State, expect,
    open_case::{opened, refuse_other_investigators},
    refuse_states,
};

const RESOLVED: [u8; 32] = [0x0C; 32];

/// A site ends the parcel's first case.
fn resolve(world: &World, site: Site, condemned: bool) -> Instruction {
    resolve_case(site, world.parcel.consignment, 0, condemned, RESOLVED)
}

#[test]
fn lets_the_goods_move_again_or_only_to_disposal() {
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
                world
                    .ledger
                    .effect(parcel.consignment, |consignment: &mut Consignment| {
                        consignment.open_cases = 0;
                        if condemned {
                            consignment.restrictions = Restrictions::CONDEMNED.bits();
                        }
                    }),
            ];
            let instruction = resolve(&world, regulator, condemned);
            world.ledger.execute_with_effects(&instruction, &effects);
        }
    }
}

#[test]
fn condemned_goods_only_go_to_disposal() {
    let (mut world, _) = opened();
    let World {
        manufacturer,
        wholesaler,
        parcel,
        ..
    } = world;
    let condemnation = resolve(&world, manufacturer, true);
    world.ledger.execute(&condemnation);
    for (kind, refusal) in [
        (Change::Sale, Some(CustodyError::Condemned)),
        (Change::Return, Some(CustodyError::Condemned)),
        (Change::Logistics, Some(CustodyError::Condemned)),
        (Change::Disposal, None),
    ] {
        let transfer = handoff(wholesaler, manufacturer, parcel, kind.code(), 1, DOCUMENT);
        expect(&mut world.ledger, &transfer, refusal);
    }
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
    let damage = finding(ExceptionCode::Damage);
    let holder = wholesaler.partner;
    let consignment = parcel.consignment;
    let back = Change::Return.code();
    let transfer = handoff(wholesaler, manufacturer, parcel, back, 1, DOCUMENT);
    for instruction in [
        open_case(payer, wholesaler, holder, parcel, 1, damage),
        open_case(payer, regulator, holder, parcel, 2, damage),
        resolve_case(wholesaler, consignment, 1, false, RESOLVED),
        resolve(&world, manufacturer, false),
        resolve_case(regulator, consignment, 2, false, RESOLVED),
    ] {
        world.ledger.execute(&instruction);
        if world.ledger.read::<Consignment>(consignment).open_cases > 0 {
            world.ledger.refuse(&transfer, CustodyError::UnderCase);
        }
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
    world.after(&[resolve(&world, manufacturer, true)]);
    world.after(&[resolve(&world, regulator, false)]);
}

#[test]
fn refuses_a_second_time() {
    let (mut world, _) = opened();
    let World {
        manufacturer,
        regulator,
        ..
    } = world;
    let first = resolve(&world, manufacturer, true);
    world.ledger.execute(&first);
    for site in [manufacturer, regulator] {
        for condemned in [false, true] {
            let again = resolve(&world, site, condemned);
            world.ledger.refuse(&again, CustodyError::CaseResolved);
        }
    }
}

#[test]
fn refuses_a_consignment_that_counts_no_case() {
    const NONE: [(State<Consignment>, CustodyError); 1] = [(
        |consignment| consignment.open_cases = 0,
        CustodyError::CaseResolved,
    )];
    let (world, _) = opened();
    let instruction = resolve(&world, world.manufacturer, true);
    refuse_states(&world.ledger, &instruction, world.parcel.consignment, NONE);
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
    let other_holder = manufacturer.partner;
    for opening in [
        open_case(payer, regulator, other_holder, other_parcel, 0, suspect),
        open_lot_case(payer, regulator, parcel.lot, 0, suspect),
    ] {
        world.ledger.execute(&opening);
    }
    let instruction = resolve(&world, regulator, false);
    let others = resolve_case(regulator, other_parcel.consignment, 0, false, RESOLVED);
    let of_the_lot = address::case(&parcel.lot, 0);
    for mixed in [
        instruction
            .clone()
            .replacing(parcel.consignment, other_parcel.consignment),
        others.replacing(other_parcel.consignment, parcel.consignment),
        instruction.replacing(case, of_the_lot),
    ] {
        world.ledger.refuse(&mixed, CustodyError::NotCasesSubject);
    }
}

#[test]
fn refuses_wrong_accounts() {
    let (mut world, case) = opened();
    let instruction = resolve(&world, world.regulator, false);
    let accounts = [world.regulator.partner, case, world.parcel.consignment];
    world.ledger.refuse_stand_ins(&instruction, &accounts);
}
