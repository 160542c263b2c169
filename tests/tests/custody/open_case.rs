use anchor_lang::{Address, ErrorCode, solana_program::instruction::Instruction};
use custody::{
    Case, CaseState, Change, Consignment, ConsignmentStatus, CustodyError, ExceptionCode,
    instructions::Finding,
};
use pedigree_domain::Roles;
use program_tests::{
    address,
    effect::Effect,
    instruction::{
        Alter,
        custody::{
            accept, cancel, destroy, export, handoff, handoff_batch, merge, open_case, reject,
            split, transfer_title,
        },
    },
    ledger::NOW,
    occasion::finding,
    world::{DOCUMENT, Parcel, Site, World, terms},
};

use crate::{
    ALREADY_IN_USE, INVESTIGATOR_BARS, KINDS, OVERSEER_BARS, handoff_batch::at, ready,
    refuse_other_signers,
};

const DAY: i64 = 86_400;

/// A site opens the parcel's case of this number, while the partner at `custodian` has it.
fn open(
    world: &World,
    site: Site,
    custodian: Site,
    number: u32,
    exception: ExceptionCode,
) -> Instruction {
    let World { payer, parcel, .. } = *world;
    let finding = finding(exception);
    open_case(payer, site, custodian.partner, parcel, number, finding)
}

/// The manufacturer opens a case on the parcel that it has.
fn open_first(world: &World) -> Instruction {
    let manufacturer = world.manufacturer;
    open(world, manufacturer, manufacturer, 0, ExceptionCode::None)
}

fn first_case(world: &World) -> Address {
    address::case(&world.parcel.consignment, 0)
}

/// A world in which the wholesaler has the parcel and its manufacturer has opened a case on it, and
/// the case's address.
pub(crate) fn opened() -> (World, Address) {
    let mut world = World::new();
    let World {
        manufacturer,
        wholesaler,
        parcel,
        ..
    } = world;
    world.hand_over(manufacturer, wholesaler, parcel, Change::Sale);
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
        recaller,
        regulator,
        ..
    } = world;
    for site in [
        other_manufacturer,
        wholesaler,
        logistics,
        pharmacy,
        recaller,
    ] {
        world
            .ledger
            .refuse(&instruction(site), CustodyError::NotInvestigator);
    }
    for (bar, refusal) in INVESTIGATOR_BARS {
        let mut world = world.clone();
        bar(&mut world, regulator);
        world.ledger.refuse(&instruction(regulator), refusal);
    }
    for site in [manufacturer, regulator] {
        refuse_other_signers(&mut world.ledger, &instruction(site), &[site]);
        world.after(&[instruction(site)]);
    }
    for bar in [World::suspend, World::revoke, World::lapse] {
        let mut world = world.clone();
        bar(&mut world, manufacturer);
        world.ledger.execute(&instruction(manufacturer));
    }
}

#[test]
fn freezes_the_consignment_and_says_why() {
    for &exception in ExceptionCode::ALL {
        let mut world = World::new();
        let World {
            payer,
            manufacturer,
            parcel,
            ..
        } = world;
        let consignment = parcel.consignment;
        let case = Case {
            subject: consignment,
            lot: parcel.lot,
            transfer: Address::default(),
            document: finding(exception).document,
            payer,
            opened_by: manufacturer.gln,
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
            _padding: [0; 5],
        };
        let effects = [
            world
                .ledger
                .effect(consignment, |consignment: &mut Consignment| {
                    consignment.cases = 1;
                    consignment.open_cases = 1;
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
        parcel,
        ..
    } = world;
    let part = world.cut(from, parcel, 100);
    let opening = open_first(&world);
    world.ledger.execute(&opening);
    let consignment = parcel.consignment;
    let sale = Change::Sale.code();
    for instruction in [
        handoff(from, to, parcel, sale, 1, DOCUMENT),
        transfer_title(from, to, parcel, 1, DOCUMENT),
        split(payer, from, consignment, 1, 1, 100, 0),
        merge(payer, from, (consignment, 1), (part.consignment, 1)),
        destroy(from, to, parcel, 1, DOCUMENT),
        export(from, parcel, 1, DOCUMENT),
    ] {
        world.ledger.refuse(&instruction, CustodyError::UnderCase);
    }
    let batch = handoff_batch(from, to, &[(part, 1), (parcel, 1)], sale, DOCUMENT);
    world.ledger.refuse(&batch, at(1, CustodyError::UnderCase));
    for kind in KINDS {
        let (mut world, from, to, sequence) = ready(kind);
        let opening = open(&world, from, from, 0, ExceptionCode::None);
        world.ledger.execute(&opening);
        let instruction = handoff(from, to, world.parcel, kind.code(), sequence, DOCUMENT);
        world.ledger.refuse(&instruction, CustodyError::UnderCase);
    }
}

#[test]
fn an_offer_can_still_be_declined_and_not_accepted() {
    let mut world = World::new();
    let World {
        manufacturer,
        wholesaler,
        parcel,
        ..
    } = world;
    world.offer(manufacturer, wholesaler, parcel, terms(Change::Sale, 0));
    let opening = open_first(&world);
    world.ledger.execute(&opening);
    let acceptance = accept(wholesaler, manufacturer.partner, parcel, 0);
    world.ledger.refuse(&acceptance, CustodyError::UnderCase);
    let consignment = parcel.consignment;
    let damage = ExceptionCode::Damage.code();
    world.after(&[reject(wholesaler, consignment, 0, damage)]);
    world.after(&[cancel(manufacturer, consignment, 0)]);
}

#[test]
fn whoever_has_a_stake_in_the_goods_may() {
    let mut world = World::new();
    let World {
        manufacturer,
        wholesaler,
        logistics,
        regulator,
        parcel,
        ..
    } = world;
    world.hand_over(manufacturer, wholesaler, parcel, Change::Sale);
    world.hand_over(wholesaler, logistics, parcel, Change::Logistics);
    let suspect = ExceptionCode::None;
    for site in [logistics, wholesaler, manufacturer, regulator] {
        let opening = open(&world, site, logistics, 0, suspect);
        let world = world.after(&[opening]);
        let case: Case = world.ledger.read(first_case(&world));
        assert_eq!(case.opened_by, site.gln);
    }
    for site in [logistics, wholesaler, manufacturer] {
        let mut world = world.clone();
        world.suspend(site);
        world.after(&[open(&world, site, logistics, 0, suspect)]);
    }
}

#[test]
fn gives_the_custodian_one_business_day_to_answer_or_two() {
    let quick = Roles::MANUFACTURER
        .union(Roles::WHOLESALER)
        .union(Roles::LOGISTICS);
    let roles = Roles::all()
        .iter()
        .chain([Roles::REPACKAGER.union(Roles::WHOLESALER)]);
    for roles in roles {
        let mut world = World::new();
        let World {
            manufacturer,
            wholesaler,
            parcel,
            ..
        } = world;
        world.hand_over(manufacturer, wholesaler, parcel, Change::Sale);
        world.license(wholesaler, roles);
        // `NOW` is a Sunday.
        for (opened_on, one_day_later, two_days_later) in
            [(0, 1, 2), (1, 2, 3), (4, 5, 8), (5, 8, 9), (6, 8, 9)]
        {
            let mut world = world.clone();
            world.ledger.set_time(NOW + opened_on * DAY);
            let suspect = ExceptionCode::None;
            let opening = open(&world, manufacturer, wholesaler, 0, suspect);
            world.ledger.execute(&opening);
            let case: Case = world.ledger.read(first_case(&world));
            let answer_on = if roles.intersects(quick) {
                one_day_later
            } else {
                two_days_later
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
        parcel,
        ..
    } = world;
    for (number, site) in [(1, wholesaler), (2, regulator), (3, wholesaler)] {
        let damage = ExceptionCode::Damage;
        let opening = open(&world, site, wholesaler, number, damage);
        world.ledger.execute(&opening);
        let case: Case = world
            .ledger
            .read(address::case(&parcel.consignment, number));
        assert_eq!((case.number, case.opened_by), (number, site.gln));
    }
    let consignment: Consignment = world.ledger.read(parcel.consignment);
    assert_eq!((consignment.cases, consignment.open_cases), (4, 4));
}

#[test]
fn works_on_goods_that_are_offered_or_gone() {
    for &status in ConsignmentStatus::ALL {
        let mut world = World::new();
        world
            .ledger
            .edit(world.parcel.consignment, |consignment: &mut Consignment| {
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
        parcel,
        ..
    } = world;
    for exception in [9, 255] {
        let unknown = Finding {
            exception,
            ..finding(ExceptionCode::None)
        };
        let holder = manufacturer.partner;
        let instruction = open_case(payer, manufacturer, holder, parcel, 0, unknown);
        world
            .ledger
            .refuse(&instruction, CustodyError::InvalidException);
    }
}

#[test]
fn refuses_more_cases_than_can_be_counted() {
    let mut world = World::new();
    let (manufacturer, consignment) = (world.manufacturer, world.parcel.consignment);
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
        .edit(world.parcel.consignment, |consignment: &mut Consignment| {
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
        recaller,
        regulator,
        parcel,
        ..
    } = world;
    world.hand_over(manufacturer, wholesaler, parcel, Change::Sale);
    world.hand_over(wholesaler, pharmacy, parcel, Change::Sale);
    let suspect = ExceptionCode::None;
    // The wholesaler had them.
    for site in [wholesaler, other_manufacturer, recaller] {
        let instruction = open(&world, site, pharmacy, 0, suspect);
        world.ledger.refuse(&instruction, CustodyError::NotOverseer);
    }
    for (bar, refusal) in OVERSEER_BARS {
        let mut world = world.clone();
        bar(&mut world, regulator);
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
        parcel,
        other_parcel,
        ..
    } = world;
    let suspect = ExceptionCode::None;
    let instruction = open(&world, regulator, wholesaler, 1, suspect);
    world.ledger.refuse_stand_ins(
        &instruction,
        &[
            regulator.partner,
            wholesaler.partner,
            parcel.lot,
            parcel.consignment,
        ],
    );
    let case = address::case(&parcel.consignment, 1);
    world.ledger.refuse_misplaced(&instruction, case);
    for misplaced in [
        address::case(&parcel.consignment, 2),
        address::case(&parcel.lot, 1),
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
    let mixed = Parcel {
        lot: other_parcel.lot,
        ..parcel
    };
    let finding = finding(suspect);
    let another_lot = open_case(payer, regulator, wholesaler.partner, mixed, 1, finding);
    world
        .ledger
        .refuse(&another_lot, CustodyError::NotConsignmentsLot);
}
