use anchor_lang::{Address, ErrorCode, solana_program::instruction::Instruction};
use custody::{
    Case, CaseState, Change, Consignment, ConsignmentStatus, CustodyError, ExceptionCode, Party,
};
use pedigree_domain::Roles;
use pedigree_interface::{
    Goods, Site, TransferKind,
    instruction::custody::{
        Cut, Finding, accept, cancel, destroy, export, handoff, handoff_batch, merge, open_case,
        reject, resolve_case, split, transfer_title,
    },
};
use program_tests::{
    address,
    alter::Alter,
    effect::Effect,
    ledger::NOW,
    scenario::{FINDING, finding},
    world::{DOCUMENT, World, terms},
};

use crate::{
    ALREADY_IN_USE, INELIGIBLE_INVESTIGATORS, INELIGIBLE_OVERSEERS, KINDS, OUT_OF_STANDING,
    handoff_batch::at, ready, refuse_other_signers, trail,
};

const DAY: i64 = 86_400;

/// A site opens case number `number` on the goods, which `custodian` has.
fn open(
    world: &World,
    site: Site,
    custodian: Site,
    number: u32,
    exception: ExceptionCode,
) -> Instruction {
    let World { payer, goods, .. } = *world;
    let finding = finding(exception);
    open_case(payer, site, custodian.gln, goods, number, finding)
}

/// The manufacturer opens a case on its goods.
fn open_first(world: &World) -> Instruction {
    let manufacturer = world.manufacturer;
    open(world, manufacturer, manufacturer, 0, ExceptionCode::None)
}

fn first_case(world: &World) -> Address {
    address::case(&world.goods.consignment, 0)
}

/// A world in which the wholesaler has the goods and the manufacturer has opened a case on them, and the
/// case's address.
pub(crate) fn opened() -> (World, Address) {
    let mut world = World::new();
    let World {
        manufacturer,
        wholesaler,
        goods,
        ..
    } = world;
    world.hand_over(manufacturer, wholesaler, goods, TransferKind::Sale);
    let suspect = ExceptionCode::None;
    let opening = open(&world, manufacturer, wholesaler, 0, suspect);
    world.ledger.execute(&opening);
    let case = first_case(&world);
    (world, case)
}

/// Tries what only the manufacturer, who opened a case, and a regulator may do about it.
#[track_caller]
pub(crate) fn refuse_other_investigators(world: &World, instruction: impl Fn(Site) -> Instruction) {
    let mut world = world.clone();
    let World {
        manufacturer,
        other_manufacturer,
        wholesaler,
        logistics,
        pharmacy,
        other_pharmacy,
        regulator,
        ..
    } = world;
    for site in [
        other_manufacturer,
        wholesaler,
        logistics,
        pharmacy,
        other_pharmacy,
    ] {
        world
            .ledger
            .refuse(&instruction(site), CustodyError::NotInvestigator);
    }
    for (disqualify, refusal) in INELIGIBLE_INVESTIGATORS {
        let mut world = world.clone();
        disqualify(&mut world, regulator);
        world.ledger.refuse(&instruction(regulator), refusal);
    }
    for site in [manufacturer, regulator] {
        refuse_other_signers(&mut world.ledger, &instruction(site), &[site]);
        world.after(&[instruction(site)]);
    }
}

/// Expects refusals to the manufacturer, who opened a case, while it may not trade.
#[track_caller]
pub(crate) fn refuse_an_opener_without_standing(
    world: &World,
    instruction: impl Fn(Site) -> Instruction,
) {
    for (disqualify, refusal) in OUT_OF_STANDING {
        let mut world = world.clone();
        let opener = world.manufacturer;
        disqualify(&mut world, opener);
        world.ledger.refuse(&instruction(opener), refusal);
    }
}

#[test]
fn freezes_the_consignment_and_says_why() {
    for &exception in ExceptionCode::ALL {
        let mut world = World::new();
        let World {
            payer,
            manufacturer,
            goods,
            ..
        } = world;
        let consignment = goods.consignment;
        let case = Case {
            subject: consignment,
            lot: goods.lot,
            transfer: Address::default(),
            document_hash: FINDING,
            payer,
            opened_by: manufacturer.gln.number(),
            resolved_by: 0,
            opened_at: NOW,
            answer_by: NOW + DAY,
            determined_at: 0,
            notify_by: 0,
            notified_at: 0,
            resolved_at: 0,
            number: 0,
            units: finding(exception).units,
            state: CaseState::Open,
            exception,
            bump: address::bump(&[b"case", consignment.as_ref(), &[0; 4]], &custody::ID),
            party: Party::Custodian,
            _padding: [0; 4],
            determination_hash: [0; 32],
            notification_hash: [0; 32],
        };
        let effects = [
            world
                .ledger
                .effect(consignment, |consignment: &mut Consignment| {
                    consignment.cases = 1;
                    consignment.open_cases = 1;
                    consignment.party_cases = [1, 0, 0];
                    trail::noted(consignment, Change::Case, FINDING);
                }),
            Effect::creation(first_case(&world), &case, payer),
        ];
        let instruction = open(&world, manufacturer, manufacturer, 0, exception);
        world.ledger.execute_with_effects(&instruction, &effects);
    }
}

#[test]
fn the_goods_stay_where_they_are() {
    let mut world = World::new();
    let World {
        payer,
        manufacturer: from,
        wholesaler: to,
        goods,
        ..
    } = world;
    let part = world.cut(from, goods, 100);
    let opening = open_first(&world);
    world.ledger.execute(&opening);
    let sale = TransferKind::Sale;
    for instruction in [
        handoff(from, to, goods.at(1), sale, Some(DOCUMENT)),
        transfer_title(from, to, goods.at(1), Some(DOCUMENT)),
        split(
            payer,
            from,
            goods.at(1),
            Cut {
                index: 1,
                quantity: 100,
                sscc: None,
            },
        ),
        merge(from, goods.at(1), part, payer),
        destroy(from, to, goods.at(1), Some(DOCUMENT)),
        export(from, goods.at(1), Some(DOCUMENT)),
    ] {
        world.ledger.refuse(&instruction, CustodyError::UnderCase);
    }
    let batch = handoff_batch(from, to, &[part, goods.at(1)], sale, Some(DOCUMENT));
    world.ledger.refuse(&batch, at(1, CustodyError::UnderCase));
    for kind in KINDS {
        let (mut world, from, to) = ready(kind);
        let opening = open(&world, from, from, 0, ExceptionCode::None);
        world.ledger.execute(&opening);
        let instruction = handoff(from, to, world.goods, kind, Some(DOCUMENT));
        world.ledger.refuse(&instruction, CustodyError::UnderCase);
    }
}

#[test]
fn an_offer_can_still_be_declined_and_not_accepted() {
    let mut world = World::new();
    let World {
        manufacturer,
        wholesaler,
        goods,
        ..
    } = world;
    world.offer(manufacturer, wholesaler, goods, terms(TransferKind::Sale));
    let opening = open_first(&world);
    world.ledger.execute(&opening);
    let acceptance = accept(wholesaler, goods.offered_by(manufacturer.gln));
    world.ledger.refuse(&acceptance, CustodyError::UnderCase);
    let offered = goods.offered_by(manufacturer.gln);
    world.after(&[reject(wholesaler, offered, ExceptionCode::Damage)]);
    world.after(&[cancel(manufacturer, goods.offered_by(manufacturer.gln))]);
}

#[test]
fn whoever_has_a_stake_in_the_goods_may() {
    let mut world = World::new();
    let World {
        manufacturer,
        wholesaler,
        logistics,
        regulator,
        goods,
        ..
    } = world;
    world.hand_over(manufacturer, wholesaler, goods, TransferKind::Sale);
    world.hand_over(wholesaler, logistics, goods, TransferKind::Logistics);
    let suspect = ExceptionCode::None;
    for (site, party, places) in [
        (logistics, Party::Custodian, [1, 0, 0]),
        (wholesaler, Party::Owner, [0, 1, 0]),
        (manufacturer, Party::Manufacturer, [0, 0, 1]),
        (regulator, Party::Regulator, [0, 0, 0]),
    ] {
        let opening = open(&world, site, logistics, 0, suspect);
        let world = world.after(&[opening]);
        let case: Case = world.ledger.read(first_case(&world));
        assert_eq!((case.opened_by, case.party), (site.gln.number(), party));
        let consignment: Consignment = world.ledger.read(goods.consignment);
        assert_eq!(consignment.party_cases, places);
    }
}

#[test]
fn nobody_without_standing_freezes_goods_not_even_its_own() {
    let mut world = World::new();
    let World {
        manufacturer,
        wholesaler,
        logistics,
        goods,
        ..
    } = world;
    world.hand_over(manufacturer, wholesaler, goods, TransferKind::Sale);
    world.hand_over(wholesaler, logistics, goods, TransferKind::Logistics);
    for site in [logistics, wholesaler, manufacturer] {
        for (disqualify, refusal) in OUT_OF_STANDING {
            let mut world = world.clone();
            disqualify(&mut world, site);
            let opening = open(&world, site, logistics, 0, ExceptionCode::None);
            world.ledger.refuse(&opening, refusal);
        }
    }
    // Nor a former maker.
    world.license(manufacturer, Roles::WHOLESALER);
    let opening = open(&world, manufacturer, logistics, 0, ExceptionCode::None);
    world.ledger.refuse(&opening, CustodyError::SenderRole);
}

#[test]
fn no_party_takes_the_places_of_another() {
    let mut world = World::new();
    let World {
        manufacturer,
        wholesaler,
        logistics,
        regulator,
        goods,
        ..
    } = world;
    world.ledger.trust_signatures();
    world.hand_over(manufacturer, wholesaler, goods, TransferKind::Sale);
    world.hand_over(wholesaler, logistics, goods, TransferKind::Logistics);
    let suspect = ExceptionCode::None;
    let mut number = 0;
    for site in [logistics, wholesaler, manufacturer] {
        for _ in 0..16 {
            let opening = open(&world, site, logistics, number, suspect);
            world.ledger.execute(&opening);
            number += 1;
        }
        let one_more = open(&world, site, logistics, number, suspect);
        world.ledger.refuse(&one_more, CustodyError::TooManyCases);
    }
    // A regulator may open one, and have any resolved, which frees the party's place.
    let opening = open(&world, regulator, logistics, number, suspect);
    world.ledger.execute(&opening);
    let consignment = goods.consignment;
    let first = first_case(&world);
    let clearance = resolve_case(regulator, first, consignment, false, Some(DOCUMENT));
    world.ledger.execute(&clearance);
    let again = open(&world, logistics, logistics, number + 1, suspect);
    world.ledger.execute(&again);
    let full: Consignment = world.ledger.read(consignment);
    assert_eq!((full.open_cases, full.party_cases), (49, [16, 16, 16]));
}

#[test]
fn gives_the_custodian_one_business_day_within_48_hours_and_who_only_dispenses_two() {
    let roles = Roles::all().iter().chain([
        Roles::REPACKAGER.union(Roles::WHOLESALER),
        Roles::DISPENSER.union(Roles::WHOLESALER),
    ]);
    for roles in roles {
        let mut world = World::new();
        let World {
            manufacturer,
            wholesaler,
            goods,
            ..
        } = world;
        world.hand_over(manufacturer, wholesaler, goods, TransferKind::Sale);
        world.license(wholesaler, roles);
        // `NOW` is a Sunday noon; the fifth day after it, a Friday, 48 hours end before a business day does.
        for (opened_on, one_day_later, two_days_later) in
            [(0, 1, 2), (1, 2, 3), (4, 5, 8), (5, 7, 9), (6, 8, 9)]
        {
            let mut world = world.clone();
            world.ledger.set_time(NOW + opened_on * DAY);
            let suspect = ExceptionCode::None;
            let opening = open(&world, manufacturer, wholesaler, 0, suspect);
            world.ledger.execute(&opening);
            let case: Case = world.ledger.read(first_case(&world));
            let answer_on = if roles == Roles::DISPENSER {
                two_days_later
            } else {
                one_day_later
            };
            assert_eq!(case.answer_by, NOW + answer_on * DAY, "{roles:?}");
        }
    }
}

#[test]
fn several_cases_may_be_open_at_once() {
    let (mut world, _) = opened();
    let World {
        wholesaler,
        regulator,
        goods,
        ..
    } = world;
    for (number, site) in [(1, wholesaler), (2, regulator), (3, wholesaler)] {
        let damage = ExceptionCode::Damage;
        let opening = open(&world, site, wholesaler, number, damage);
        world.ledger.execute(&opening);
        let case: Case = world.ledger.read(address::case(&goods.consignment, number));
        assert_eq!((case.number, case.opened_by), (number, site.gln.number()));
    }
    let consignment: Consignment = world.ledger.read(goods.consignment);
    assert_eq!((consignment.cases, consignment.open_cases), (4, 4));
}

#[test]
fn works_on_goods_that_are_offered_or_gone() {
    for &status in ConsignmentStatus::ALL {
        let mut world = World::new();
        world
            .ledger
            .edit(world.goods.consignment, |consignment: &mut Consignment| {
                consignment.status = status;
            });
        let instruction = open_first(&world);
        world.ledger.execute(&instruction);
    }
}

#[test]
fn the_opener_may_pay() {
    let mut world = World::new();
    let instruction = open_first(&world).replacing(world.payer, world.manufacturer.key);
    world.ledger.execute(&instruction);
}

#[test]
fn works_on_a_prefunded_address() {
    let mut world = World::new();
    let (instruction, case) = (open_first(&world), first_case(&world));
    world.ledger.execute_prefunded(&instruction, &[case]);
}

#[test]
fn refuses_unknown_exceptions() {
    let mut world = World::new();
    let World {
        payer,
        manufacturer,
        goods,
        ..
    } = world;
    for exception in [9, 255] {
        let unknown = Finding {
            exception: ExceptionCode::from_code(exception),
            ..finding(ExceptionCode::None)
        };
        let holder = manufacturer.gln;
        let instruction = open_case(payer, manufacturer, holder, goods, 0, unknown);
        world
            .ledger
            .refuse(&instruction, CustodyError::InvalidException);
    }
}

#[test]
fn refuses_more_cases_than_can_be_counted() {
    let mut world = World::new();
    let (manufacturer, consignment) = (world.manufacturer, world.goods.consignment);
    let suspect = ExceptionCode::None;
    let mut full = world.ledger.clone();
    full.edit(consignment, |consignment: &mut Consignment| {
        consignment.open_cases = u8::MAX;
    });
    full.refuse(&open_first(&world), CustodyError::TooManyCases);
    world
        .ledger
        .edit(consignment, |consignment: &mut Consignment| {
            consignment.cases = u32::MAX;
        });
    let last = open(&world, manufacturer, manufacturer, u32::MAX, suspect);
    world.ledger.refuse(&last, CustodyError::TooManyCases);
}

#[test]
fn refuses_a_case_that_is_there() {
    let (mut world, _) = opened();
    let again = open(
        &world,
        world.manufacturer,
        world.wholesaler,
        0,
        ExceptionCode::None,
    );
    world.ledger.refuse(&again, ErrorCode::ConstraintSeeds);
    world
        .ledger
        .edit(world.goods.consignment, |consignment: &mut Consignment| {
            consignment.cases = 0;
        });
    world.ledger.refuse(&again, ALREADY_IN_USE);
}

#[test]
fn refuses_who_has_no_stake_in_the_goods() {
    let mut world = World::new();
    let World {
        payer,
        manufacturer,
        other_manufacturer,
        wholesaler,
        pharmacy,
        other_pharmacy,
        regulator,
        goods,
        ..
    } = world;
    world.hand_over(manufacturer, wholesaler, goods, TransferKind::Sale);
    world.hand_over(wholesaler, pharmacy, goods, TransferKind::Sale);
    let suspect = ExceptionCode::None;
    // The wholesaler had them.
    for site in [wholesaler, other_manufacturer, other_pharmacy] {
        let instruction = open(&world, site, pharmacy, 0, suspect);
        world.ledger.refuse(&instruction, CustodyError::NotOverseer);
    }
    for (disqualify, refusal) in INELIGIBLE_OVERSEERS {
        let mut world = world.clone();
        disqualify(&mut world, regulator);
        let instruction = open(&world, regulator, pharmacy, 0, suspect);
        world.ledger.refuse(&instruction, refusal);
    }
    let instruction = open(&world, pharmacy, pharmacy, 0, suspect);
    refuse_other_signers(&mut world.ledger, &instruction, &[pharmacy]);
    world.ledger.refuse_unsigned(&instruction, &[payer]);
}

#[test]
fn refuses_wrong_accounts() {
    let (mut world, _) = opened();
    let World {
        payer,
        manufacturer,
        wholesaler,
        regulator,
        goods,
        other_goods,
        ..
    } = world;
    let suspect = ExceptionCode::None;
    let instruction = open(&world, regulator, wholesaler, 1, suspect);
    world.ledger.refuse_stand_ins(
        &instruction,
        &[
            regulator.partner,
            wholesaler.partner,
            goods.lot,
            goods.consignment,
        ],
    );
    let case = address::case(&goods.consignment, 1);
    world.ledger.refuse_misplaced(&instruction, case);
    for misplaced in [
        address::case(&goods.consignment, 2),
        address::case(&goods.lot, 1),
    ] {
        let instruction = instruction.clone().replacing(case, misplaced);
        world
            .ledger
            .refuse(&instruction, ErrorCode::ConstraintSeeds);
    }
    let no_custodian = open(&world, regulator, manufacturer, 1, suspect);
    world
        .ledger
        .refuse(&no_custodian, CustodyError::NotCustodian);
    let mixed = Goods {
        lot: other_goods.lot,
        ..goods
    };
    let finding = finding(suspect);
    let another_lot = open_case(payer, regulator, wholesaler.gln, mixed, 1, finding);
    world
        .ledger
        .refuse(&another_lot, CustodyError::NotConsignmentsLot);
}
