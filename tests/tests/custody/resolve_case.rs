use anchor_lang::solana_program::instruction::Instruction;
use custody::{Case, CaseState, Consignment, CustodyError, ExceptionCode, Restrictions};
use pedigree_interface::{
    Site, TransferKind,
    instruction::custody::{determine_case, handoff, open_case, open_lot_case, resolve_case},
};
use program_tests::{
    address,
    alter::Alter,
    ledger::NOW,
    scenario::finding,
    world::{DOCUMENT, World},
};

use crate::{
    State, expect,
    open_case::{opened, refuse_other_investigators},
    refuse_states,
};

const RESOLVED: [u8; 32] = [0x0C; 32];

/// A site ends the goods's first case.
fn resolve(world: &World, site: Site, condemned: bool) -> Instruction {
    resolve_case(
        site,
        address::case(&world.goods.consignment, 0),
        world.goods.consignment,
        condemned,
        Some(RESOLVED),
    )
}

#[test]
fn lets_the_goods_move_again_or_only_to_disposal() {
    for determined in [false, true] {
        for condemned in [false, true] {
            let (mut world, case) = opened();
            let World {
                manufacturer,
                regulator,
                goods,
                ..
            } = world;
            if determined {
                let determination = determine_case(manufacturer, case, Some(DOCUMENT));
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
                    case.resolved_by = regulator.gln.number();
                    case.resolved_at = NOW + 60;
                }),
                world
                    .ledger
                    .effect(goods.consignment, |consignment: &mut Consignment| {
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
        goods,
        ..
    } = world;
    let condemnation = resolve(&world, manufacturer, true);
    world.ledger.execute(&condemnation);
    for (kind, refusal) in [
        (TransferKind::Sale, Some(CustodyError::Condemned)),
        (TransferKind::Return, Some(CustodyError::Condemned)),
        (TransferKind::Logistics, Some(CustodyError::Condemned)),
        (TransferKind::Disposal, None),
    ] {
        let transfer = handoff(wholesaler, manufacturer, goods.at(1), kind, Some(DOCUMENT));
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
        goods,
        ..
    } = world;
    let damage = finding(ExceptionCode::Damage);
    let holder = wholesaler.gln;
    let consignment = goods.consignment;
    let back = TransferKind::Return;
    let transfer = handoff(wholesaler, manufacturer, goods.at(1), back, Some(DOCUMENT));
    for instruction in [
        open_case(payer, wholesaler, holder, goods, 1, damage),
        open_case(payer, regulator, holder, goods, 2, damage),
        resolve_case(
            wholesaler,
            address::case(&consignment, 1),
            consignment,
            false,
            Some(RESOLVED),
        ),
        resolve(&world, manufacturer, false),
        resolve_case(
            regulator,
            address::case(&consignment, 2),
            consignment,
            false,
            Some(RESOLVED),
        ),
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
    let determination = determine_case(manufacturer, case, Some(DOCUMENT));
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
    refuse_states(&world.ledger, &instruction, world.goods.consignment, NONE);
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
        goods,
        other_goods,
        ..
    } = world;
    let suspect = finding(ExceptionCode::None);
    let other_holder = manufacturer.gln;
    for opening in [
        open_case(payer, regulator, other_holder, other_goods, 0, suspect),
        open_lot_case(payer, regulator, goods.lot, 0, suspect),
    ] {
        world.ledger.execute(&opening);
    }
    let instruction = resolve(&world, regulator, false);
    let others = resolve_case(
        regulator,
        address::case(&other_goods.consignment, 0),
        other_goods.consignment,
        false,
        Some(RESOLVED),
    );
    let of_the_lot = address::case(&goods.lot, 0);
    for mixed in [
        instruction
            .clone()
            .replacing(goods.consignment, other_goods.consignment),
        others.replacing(other_goods.consignment, goods.consignment),
        instruction.replacing(case, of_the_lot),
    ] {
        world.ledger.refuse(&mixed, CustodyError::NotCasesSubject);
    }
}

#[test]
fn refuses_wrong_accounts() {
    let (mut world, case) = opened();
    let instruction = resolve(&world, world.regulator, false);
    let accounts = [world.regulator.partner, case, world.goods.consignment];
    world.ledger.refuse_stand_ins(&instruction, &accounts);
}
