use anchor_lang::solana_program::instruction::Instruction;
use custody::{Change, Consignment, CustodyError, ExceptionCode, Restrictions};
use pedigree_interface::{
    Site, TransferKind,
    instruction::custody::{determine_case, handoff, open_case, open_lot_case, resolve_case},
};
use program_tests::{
    address,
    alter::Alter,
    scenario::finding,
    world::{DOCUMENT, World},
};

use crate::{
    State, expect,
    open_case::opened,
    refuse_states,
    resolution::{self, RESOLVED},
    trail,
};

/// A site resolves the first case on the goods.
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
    resolution::resolves_the_case(opened, resolve, |world, condemned| {
        world
            .ledger
            .effect(world.goods.consignment, |consignment: &mut Consignment| {
                consignment.open_cases = 0;
                consignment.party_cases = [0; 3];
                if condemned {
                    consignment.restrictions = Restrictions::CONDEMNED.bits();
                }
                trail::noted(consignment, Change::Resolution, RESOLVED);
            })
    });
}

#[test]
fn condemned_goods_only_go_to_disposal() {
    let (mut world, case) = opened();
    let World {
        manufacturer,
        wholesaler,
        goods,
        ..
    } = world;
    let condemnation = resolve(&world, manufacturer, true);
    for instruction in [determine_case(manufacturer, case, None), condemnation] {
        world.ledger.execute(&instruction);
    }
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
fn nothing_is_condemned_without_a_determination() {
    resolution::nothing_is_condemned_without_a_determination(opened, resolve);
}

#[test]
fn an_opener_without_standing_decides_nothing() {
    resolution::an_opener_without_standing_decides_nothing(opened, resolve);
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
    let clear = |site, number| {
        let case = address::case(&consignment, number);
        resolve_case(site, case, consignment, false, Some(RESOLVED))
    };
    let back = TransferKind::Return;
    let transfer = handoff(wholesaler, manufacturer, goods.at(1), back, Some(DOCUMENT));
    for instruction in [
        open_case(payer, wholesaler, holder, goods, 1, damage),
        open_case(payer, regulator, holder, goods, 2, damage),
        clear(wholesaler, 1),
        clear(manufacturer, 0),
        clear(regulator, 2),
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
    resolution::only_a_regulator_clears_what_is_illegitimate(opened, resolve);
}

#[test]
fn refuses_a_second_time() {
    resolution::refuses_a_second_time(opened, resolve);
}

#[test]
fn refuses_a_consignment_that_counts_no_case() {
    const NONE: [(State<Consignment>, CustodyError); 2] = [
        (
            |consignment| consignment.open_cases = 0,
            CustodyError::CaseResolved,
        ),
        (
            |consignment| consignment.party_cases[2] = 0,
            CustodyError::CaseResolved,
        ),
    ];
    let (world, _) = opened();
    let instruction = resolve(&world, world.manufacturer, false);
    refuse_states(&world.ledger, &instruction, world.goods.consignment, NONE);
}

#[test]
fn refuses_anybody_but_the_opener_and_a_regulator() {
    resolution::refuses_anybody_but_the_opener_and_a_regulator(opened, resolve);
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

#[test]
fn who_gave_title_up_does_not_condemn_the_goods_by_a_case_that_it_opened_before() {
    let mut world = World::new();
    let World {
        payer,
        manufacturer,
        wholesaler,
        logistics,
        regulator,
        goods,
        ..
    } = world;
    world.hand_over(manufacturer, wholesaler, goods, TransferKind::Sale);
    world.hand_over(wholesaler, logistics, goods, TransferKind::Logistics);
    world.ledger.edit(goods.lot, |lot: &mut custody::Lot| {
        crate::recall(lot, 0, program_tests::world::UNITS);
    });
    world.hand_over(logistics, manufacturer, goods, TransferKind::Return);
    let now = world.now(goods);
    let suspect = finding(ExceptionCode::None);
    let case = address::case(&goods.consignment, 0);
    for instruction in [
        open_case(payer, wholesaler, manufacturer.gln, now, 0, suspect),
        determine_case(wholesaler, case, None),
        world.return_title(wholesaler, now),
    ] {
        world.ledger.execute(&instruction);
    }
    let condemned = |site| resolve_case(site, case, goods.consignment, true, Some(DOCUMENT));
    world
        .ledger
        .refuse(&condemned(wholesaler), CustodyError::CustodiansCase);
    world.ledger.execute(&condemned(regulator));
}
