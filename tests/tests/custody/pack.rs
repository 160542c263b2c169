use anchor_lang::solana_program::instruction::Instruction;
use custody::{Consignment, CustodyError};
use pedigree_interface::{
    identifier::Sscc,
    instruction::custody::{pack, unpack},
};
use program_tests::{scenario::SSCC, world::World};

use crate::{INVALID_SSCCS, NOT_HELD, refuse_other_signers, refuse_states};

/// The manufacturer packs the goods, and takes them out again.
fn both(world: &World) -> [Instruction; 2] {
    let (manufacturer, consignment) = (world.manufacturer, world.goods.consignment);
    [
        pack(manufacturer, consignment, SSCC),
        unpack(manufacturer, consignment),
    ]
}

#[test]
fn names_the_package_and_nothing_else() {
    let mut world = World::new();
    let consignment = world.goods.consignment;
    for (instruction, sscc) in both(&world).iter().zip([SSCC.number(), 0]) {
        let effect = world
            .ledger
            .effect(consignment, |consignment: &mut Consignment| {
                consignment.sscc = sscc;
            });
        world.ledger.execute_with_effects(instruction, &[effect]);
    }
}

#[test]
fn works_while_a_case_is_open() {
    let mut world = World::new();
    world
        .ledger
        .edit(world.goods.consignment, |consignment: &mut Consignment| {
            consignment.open_cases = 1;
        });
    world.after(&both(&world));
}

#[test]
fn refuses_an_invalid_sscc() {
    let mut world = World::new();
    let (manufacturer, consignment) = (world.manufacturer, world.goods.consignment);
    for sscc in INVALID_SSCCS.into_iter().chain([0]) {
        let instruction = pack(manufacturer, consignment, Sscc::from_account(sscc));
        world.ledger.refuse(&instruction, CustodyError::InvalidSscc);
    }
}

#[test]
fn refuses_what_is_not_held() {
    let world = World::new();
    for instruction in both(&world) {
        let consignment = world.goods.consignment;
        refuse_states(&world.ledger, &instruction, consignment, NOT_HELD);
    }
}

#[test]
fn refuses_anybody_but_the_custodian() {
    let mut world = World::new();
    let World {
        manufacturer,
        wholesaler,
        goods,
        ..
    } = world;
    let consignment = goods.consignment;
    for thief in [
        pack(wholesaler, consignment, SSCC),
        unpack(wholesaler, consignment),
    ] {
        world.ledger.refuse(&thief, CustodyError::NotCustodian);
    }
    for instruction in both(&world) {
        refuse_other_signers(&mut world.ledger, &instruction, &[manufacturer]);
    }
}

#[test]
fn refuses_wrong_accounts() {
    let mut world = World::new();
    let accounts = [world.manufacturer.partner, world.goods.consignment];
    for instruction in both(&world) {
        world.ledger.refuse_stand_ins(&instruction, &accounts);
    }
}
