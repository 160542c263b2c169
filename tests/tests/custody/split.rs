use anchor_lang::{Address, ErrorCode, solana_program::instruction::Instruction};
use custody::{Change, Consignment, ConsignmentStatus, CustodyError, Restrictions};
use pedigree_interface::{
    TransferKind,
    identifier::Sscc,
    instruction::custody::{Cut, pack, split},
};
use program_tests::{
    address,
    alter::Alter,
    effect::Effect,
    scenario::SSCC,
    world::{UNITS, World},
};

use crate::{
    ALREADY_IN_USE, INVALID_SSCCS, NOT_HELD, UNDER_CASE, refuse_other_sequences,
    refuse_other_signers, refuse_states, restrict, trail::link,
};

/// The manufacturer cuts this many units off the goods.
fn cut(world: &World, quantity: u32) -> Instruction {
    split(
        world.payer,
        world.manufacturer,
        world.goods,
        Cut::first(quantity),
    )
}

fn first_child(world: &World) -> Address {
    address::consignment(&world.goods.consignment, 0)
}

#[test]
fn cuts_the_last_units_off_into_a_consignment_of_their_own() {
    for (quantity, sscc) in [(1, None), (100, Some(SSCC)), (UNITS - 1, Some(SSCC))] {
        let mut world = World::new();
        let World {
            payer,
            manufacturer,
            goods,
            ..
        } = world;
        let consignment = goods.consignment;
        world.ledger.execute(&pack(manufacturer, consignment, SSCC));
        let child = first_child(&world);

        let mut rest: Consignment = world.ledger.read(consignment);
        rest.sequence = 1;
        rest.quantity = UNITS - quantity;
        rest.children = 1;
        rest.sscc = 0;
        rest.document_hash = [0; 32];
        rest.kind = Change::Split;
        rest.trail = link(&rest);
        let mut part = Consignment {
            first_unit: UNITS - quantity,
            quantity,
            sscc: sscc.map_or(0, Sscc::number),
            children: 0,
            bump: address::bump(
                &[b"consignment", consignment.as_ref(), &[0; 4]],
                &custody::ID,
            ),
            parent: consignment,
            payer,
            ..rest
        };
        part.trail = link(&part);
        let effects = [
            world
                .ledger
                .effect(consignment, |fields: &mut Consignment| *fields = rest),
            Effect::creation(child, &part, payer),
        ];
        let instruction = split(
            payer,
            manufacturer,
            goods,
            Cut {
                index: 0,
                quantity,
                sscc,
            },
        );
        world.ledger.execute_with_effects(&instruction, &effects);
    }
}

/// All restrictions that a consignment can have while every unit is active.
const WHOLE: Restrictions = Restrictions::all().difference(Restrictions::OPENED);

#[test]
fn the_part_keeps_owner_supplier_and_restrictions() {
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
    world
        .ledger
        .edit(goods.consignment, |consignment: &mut Consignment| {
            restrict(consignment, WHOLE);
        });
    let part = world.cut(logistics, goods, 100);
    let part: Consignment = world.ledger.read(part.consignment);
    assert_eq!(part.custodian, logistics.gln.number());
    assert_eq!(part.owner, wholesaler.gln.number());
    assert_eq!(part.supplier, manufacturer.gln.number());
    assert_eq!(part.restrictions, WHOLE.bits());
    assert_eq!(part.status, ConsignmentStatus::Held);
}

#[test]
fn parts_are_cut_again() {
    let mut world = World::new();
    let World {
        manufacturer,
        goods,
        ..
    } = world;
    let last = world.cut(manufacturer, goods, 300);
    let middle = world.cut(manufacturer, goods, 200);
    let end = world.cut(manufacturer, last, 1);
    let ranges = [goods, middle, last, end].map(|goods| {
        let consignment: Consignment = world.ledger.read(goods.consignment);
        (consignment.first_unit, consignment.quantity)
    });
    assert_eq!(
        ranges,
        [
            (0, UNITS - 500),
            (UNITS - 500, 200),
            (UNITS - 300, 299),
            (UNITS - 1, 1),
        ]
    );
    let middle: Consignment = world.ledger.read(middle.consignment);
    assert_eq!((middle.index, middle.parent), (1, goods.consignment));
}

#[test]
fn the_custodian_may_pay() {
    let mut world = World::new();
    let (payer, key) = (world.payer, world.manufacturer.key);
    let instruction = cut(&world, 100).replacing(payer, key);
    world.ledger.execute(&instruction);
}

#[test]
fn works_on_a_prefunded_address() {
    let mut world = World::new();
    let instruction = cut(&world, 100);
    let child = first_child(&world);
    world.ledger.execute_prefunded(&instruction, &[child]);
}

#[test]
fn refuses_to_leave_either_side_empty() {
    let mut world = World::new();
    for quantity in [0, UNITS, UNITS + 1, u32::MAX] {
        let instruction = cut(&world, quantity);
        world
            .ledger
            .refuse(&instruction, CustodyError::SplitQuantity);
    }
}

#[test]
fn refuses_an_invalid_sscc() {
    let mut world = World::new();
    let World {
        payer,
        manufacturer,
        goods,
        ..
    } = world;
    for sscc in INVALID_SSCCS {
        let instruction = split(
            payer,
            manufacturer,
            goods,
            Cut {
                index: 0,
                quantity: 100,
                sscc: Some(Sscc::from_account(sscc)),
            },
        );
        world.ledger.refuse(&instruction, CustodyError::InvalidSscc);
    }
}

#[test]
fn refuses_a_stale_sequence() {
    let world = World::new();
    refuse_other_sequences(&world.ledger, world.goods, |goods| {
        split(world.payer, world.manufacturer, goods, Cut::first(100))
    });
}

#[test]
fn refuses_more_parts_than_can_be_counted() {
    let mut world = World::new();
    let World {
        payer,
        manufacturer,
        goods,
        ..
    } = world;
    world
        .ledger
        .edit(goods.consignment, |consignment: &mut Consignment| {
            consignment.children = u32::MAX;
        });
    let cut = Cut {
        index: u32::MAX,
        ..Cut::first(100)
    };
    let instruction = split(payer, manufacturer, goods, cut);
    world
        .ledger
        .refuse(&instruction, CustodyError::SequenceExhausted);
}

#[test]
fn refuses_what_is_not_held_or_under_case() {
    let world = World::new();
    let (instruction, consignment) = (cut(&world, 100), world.goods.consignment);
    refuse_states(&world.ledger, &instruction, consignment, NOT_HELD);
    refuse_states(&world.ledger, &instruction, consignment, UNDER_CASE);
}

#[test]
fn refuses_a_part_that_is_there() {
    let mut world = World::new();
    let child = first_child(&world);
    let taken = world.ledger.account(world.other_goods.consignment);
    world.ledger.set_account(child, taken);
    let instruction = cut(&world, 100);
    world.ledger.refuse(&instruction, ALREADY_IN_USE);
}

#[test]
fn refuses_anybody_but_the_custodian() {
    let mut world = World::new();
    let World {
        payer,
        manufacturer,
        logistics,
        goods,
        ..
    } = world;
    let thief = split(payer, logistics, goods, Cut::first(100));
    world.ledger.refuse(&thief, CustodyError::NotCustodian);
    let instruction = cut(&world, 100);
    refuse_other_signers(&mut world.ledger, &instruction, &[manufacturer]);
    world.ledger.refuse_unsigned(&instruction, &[payer]);
    world.hand_over(manufacturer, logistics, goods, TransferKind::Logistics);
    let owner = split(payer, manufacturer, goods.at(1), Cut::first(100));
    world.ledger.refuse(&owner, CustodyError::NotCustodian);
}

#[test]
fn refuses_wrong_accounts() {
    let mut world = World::new();
    let World {
        manufacturer,
        goods,
        other_goods,
        ..
    } = world;
    let instruction = cut(&world, 100);
    let child = first_child(&world);
    world
        .ledger
        .refuse_stand_ins(&instruction, &[manufacturer.partner, goods.consignment]);
    world.ledger.refuse_misplaced(&instruction, child);
    for misplaced in [
        address::consignment(&goods.consignment, 1),
        address::consignment(&other_goods.consignment, 0),
    ] {
        let instruction = instruction.clone().replacing(child, misplaced);
        world
            .ledger
            .refuse(&instruction, ErrorCode::ConstraintSeeds);
    }
}
