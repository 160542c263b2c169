use anchor_lang::{ErrorCode, solana_program::instruction::Instruction};
use custody::{Case, Change, Consignment, CustodyError, ExceptionCode, Restrictions};
use pedigree_interface::{
    Goods,
    instruction::custody::{merge, open_case, pack, resolve_case},
};
use program_tests::{
    address,
    alter::Alter,
    effect::Effect,
    scenario::{SSCC, finding},
    world::{UNITS, World},
};

use crate::{
    INELIGIBLE_SENDERS, NOT_HELD, State, UNDER_CASE, expect, refuse_other_signers, refuse_states,
    restrict, trail::link,
};

/// A world in which the last hundred units of the goods are cut off, and the part.
fn cut() -> (World, Goods) {
    let mut world = World::new();
    let (manufacturer, goods) = (world.manufacturer, world.goods);
    let part = world.cut(manufacturer, goods, 100);
    (world, part)
}

/// The manufacturer joins the part to the goods again.
fn join(world: &World, part: Goods) -> Instruction {
    merge(world.manufacturer, world.goods.at(1), part, world.payer)
}

#[test]
fn joins_the_next_units_and_gives_the_rent_back() {
    let (mut world, part) = cut();
    let World {
        payer,
        manufacturer,
        goods,
        ..
    } = world;
    for consignment in [goods.consignment, part.consignment] {
        world.ledger.execute(&pack(manufacturer, consignment, SSCC));
    }
    let neighbour: Consignment = world.ledger.read(part.consignment);
    let effects = [
        world
            .ledger
            .effect(goods.consignment, |consignment: &mut Consignment| {
                consignment.sequence = 2;
                consignment.quantity = UNITS;
                consignment.sscc = 0;
                consignment.document_hash = neighbour.trail;
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
fn joins_ranges_in_any_order() {
    let mut world = World::new();
    let World {
        payer,
        manufacturer,
        goods,
        ..
    } = world;
    let last = world.cut(manufacturer, goods, 100);
    let middle = world.cut(manufacturer, goods, 100);
    for (first, second) in [(middle, last), (goods.at(2), middle.at(3))] {
        world
            .ledger
            .execute(&merge(manufacturer, first, second, payer));
    }
    let whole: Consignment = world.ledger.read(goods.consignment);
    assert_eq!((whole.first_unit, whole.quantity), (0, UNITS));
    assert_eq!(world.ledger.find_account(middle.consignment), None);
    assert_eq!(world.ledger.find_account(last.consignment), None);
}

#[test]
fn the_custodian_may_have_paid() {
    let mut world = World::new();
    let World {
        manufacturer,
        goods,
        ..
    } = world;
    world.payer = manufacturer.key;
    let part = world.cut(manufacturer, goods, 100);
    let instruction = join(&world, part);
    world.ledger.execute(&instruction);
}

#[test]
fn refuses_what_does_not_come_next_in_the_lot() {
    let (mut world, last) = cut();
    let World {
        payer,
        manufacturer,
        goods,
        other_goods,
        ..
    } = world;
    let middle = world.cut(manufacturer, goods, 100);
    let goods = goods.at(2);
    for (first, second) in [
        (goods, last),
        (last, middle),
        (middle, goods),
        (last, goods),
        (goods, other_goods),
        (last, other_goods),
    ] {
        let instruction = merge(manufacturer, first, second, payer);
        world
            .ledger
            .refuse(&instruction, CustodyError::NotNeighbours);
    }
    // The units that would come next if the other lot were this one.
    world
        .ledger
        .edit(other_goods.consignment, |consignment: &mut Consignment| {
            consignment.first_unit = UNITS - 200;
        });
    let instruction = merge(manufacturer, goods, other_goods, payer);
    world
        .ledger
        .refuse(&instruction, CustodyError::NotNeighbours);
}

#[test]
fn refuses_units_beyond_the_last_that_can_be_counted() {
    let (mut world, part) = cut();
    let instruction = join(&world, part);
    for (consignment, first_unit, quantity) in [
        (world.goods, u32::MAX, 1),
        (world.goods, 1, u32::MAX),
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
        .edit(world.goods.consignment, |fields: &mut Consignment| {
            fields.sequence = u32::MAX;
        });
    let goods = world.goods.at(u32::MAX);
    let instruction = merge(world.manufacturer, goods, part, world.payer);
    world
        .ledger
        .refuse(&instruction, CustodyError::SequenceExhausted);
}

#[test]
fn refuses_unlike_neighbours() {
    const UNLIKE: [(State<Consignment>, CustodyError); 7] = [
        (
            |neighbour| neighbour.custodian += 1,
            CustodyError::UnlikeNeighbours,
        ),
        (
            |neighbour| neighbour.owner += 1,
            CustodyError::UnlikeNeighbours,
        ),
        (
            |neighbour| neighbour.owner_since += 1,
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
    for consignment in [world.goods.consignment, part.consignment] {
        refuse_states(&world.ledger, &instruction, consignment, NOT_HELD);
        refuse_states(&world.ledger, &instruction, consignment, UNDER_CASE);
    }
}

#[test]
fn refuses_a_stale_sequence_on_either_side() {
    let (mut world, part) = cut();
    let World {
        payer,
        manufacturer,
        goods,
        ..
    } = world;
    for (sequence, parts) in [(0, 1), (2, 1), (1, 0), (1, 2), (u32::MAX, u32::MAX)] {
        let instruction = merge(manufacturer, goods.at(sequence), part.at(parts), payer);
        world
            .ledger
            .refuse(&instruction, CustodyError::StaleSequence);
    }
}

#[test]
fn refuses_a_consignment_and_itself() {
    let (mut world, _) = cut();
    let goods = world.goods.at(1);
    let instruction = merge(world.manufacturer, goods, goods, world.payer);
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
        goods,
        ..
    } = world;
    let thief = merge(wholesaler, goods.at(1), part, payer);
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
        world.goods.consignment,
        part.consignment,
    ];
    world.ledger.refuse_stand_ins(&instruction, &accounts);
}

#[test]
fn a_consignment_that_a_case_names_stays_where_the_case_says() {
    let (mut world, part) = cut();
    let World {
        payer,
        manufacturer,
        regulator,
        goods,
        ..
    } = world;
    let suspect = finding(ExceptionCode::None);
    for (number, opener) in [(0, manufacturer), (1, regulator)] {
        let case = address::case(&part.consignment, number);
        for instruction in [
            open_case(payer, opener, manufacturer.gln, part, number, suspect),
            resolve_case(opener, case, part.consignment, false, None),
        ] {
            world.ledger.execute(&instruction);
        }
        let instruction = join(&world, part);
        world.ledger.refuse(&instruction, CustodyError::NamedByCase);
        let subject: Case = world.ledger.read(case);
        assert!(world.ledger.find_account(subject.subject).is_some());
    }
    // It takes in what comes after it, and what comes before it can be cut otherwise.
    let tail = world.cut(manufacturer, part, 40);
    let joined = merge(manufacturer, world.now(part), tail, payer);
    world.ledger.execute(&joined);
    let head = world.cut(manufacturer, goods, 10);
    let joined = merge(manufacturer, head, world.now(part), payer);
    world.ledger.refuse(&joined, CustodyError::NamedByCase);
}

#[test]
fn a_consignment_that_a_case_names_may_take_its_neighbour_in() {
    let (mut world, part) = cut();
    let World {
        payer,
        manufacturer,
        goods,
        ..
    } = world;
    let suspect = finding(ExceptionCode::None);
    let now = world.now(goods);
    let case = address::case(&goods.consignment, 0);
    for instruction in [
        open_case(payer, manufacturer, manufacturer.gln, now, 0, suspect),
        resolve_case(manufacturer, case, goods.consignment, false, None),
    ] {
        world.ledger.execute(&instruction);
    }
    let instruction = join(&world, part);
    world.ledger.execute(&instruction);
    let subject: Case = world.ledger.read(case);
    assert_eq!(subject.subject, goods.consignment);
}

#[test]
fn a_custodian_without_standing_merges_nothing() {
    let (world, part) = cut();
    let instruction = join(&world, part);
    for (disqualify, refusal) in INELIGIBLE_SENDERS {
        let mut world = world.clone();
        let manufacturer = world.manufacturer;
        disqualify(&mut world, manufacturer);
        world.ledger.refuse(&instruction, refusal);
        // It still brings goods into the shape in which they go home.
        world.cut(manufacturer, part, 10);
        world
            .ledger
            .execute(&pack(manufacturer, part.consignment, SSCC));
    }
}

#[test]
fn what_another_owns_is_merged_with_all_units_there() {
    let (world, part) = cut();
    let goods = world.goods;
    let instruction = join(&world, part);
    let absent: State<Consignment> = |it| {
        (it.inactive, it.absent) = (1, 1);
        restrict(it, Restrictions::OPENED);
    };
    let unfit: State<Consignment> = |it| {
        it.inactive = 1;
        restrict(it, Restrictions::OPENED);
    };
    for is_anothers in [false, true] {
        for consignment in [goods.consignment, part.consignment] {
            for (state, is_gone) in [(absent, true), (unfit, false)] {
                let mut world = world.clone();
                if is_anothers {
                    let owner = world.wholesaler.gln.number();
                    for part in [goods.consignment, part.consignment] {
                        world
                            .ledger
                            .edit(part, |it: &mut Consignment| it.owner = owner);
                    }
                }
                world.ledger.edit(consignment, state);
                let refusal = (is_anothers && is_gone).then_some(CustodyError::PartlyGone);
                expect(&mut world.ledger, &instruction, refusal);
            }
        }
    }
}
