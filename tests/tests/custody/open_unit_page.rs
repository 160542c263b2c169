use anchor_lang::{ErrorCode, solana_program::instruction::Instruction};
use custody::{CustodyError, Disposition, UnitPage};
use pedigree_interface::instruction::custody::open_unit_page;
use program_tests::{address, alter::Alter, effect::Effect, world::World};

use crate::ALREADY_IN_USE;

fn open(world: &World, number: u32) -> Instruction {
    open_unit_page(world.payer, world.goods.lot, number)
}

#[test]
fn all_units_of_a_new_page_are_active() {
    // 10,000 units take two pages.
    for number in [0, 1] {
        let mut world = World::new();
        let lot = world.goods.lot;
        let page = UnitPage {
            lot,
            number,
            bump: address::bump(
                &[b"units", lot.as_ref(), &number.to_le_bytes()],
                &custody::ID,
            ),
            _padding: [0; 3],
            trail: lot.to_bytes(),
            dispositions: [0; 4_096],
        };
        let effect = Effect::creation(address::unit_page(&lot, number), &page, world.payer);
        let instruction = open(&world, number);
        world.ledger.execute_with_effects(&instruction, &[effect]);
        assert_eq!(page.disposition(8_191), Disposition::Active);
    }
}

#[test]
fn pages_lie_within_the_lot_and_open_once() {
    let mut world = World::new();
    for number in [2, u32::MAX] {
        let instruction = open(&world, number);
        world
            .ledger
            .refuse(&instruction, CustodyError::NotUnitsPage);
    }
    let instruction = open(&world, 1);
    world.ledger.execute(&instruction);
    world.ledger.refuse(&instruction, ALREADY_IN_USE);
}

#[test]
fn a_page_is_created_at_its_address_only() {
    let mut world = World::new();
    let page = address::unit_page(&world.goods.lot, 0);
    let instruction = open(&world, 0);
    world.ledger.refuse_misplaced(&instruction, page);
    world.ledger.execute_prefunded(&instruction, &[page]);
    let other = address::unit_page(&world.goods.lot, 1);
    let elsewhere = instruction.replacing(page, other);
    world.ledger.refuse(&elsewhere, ErrorCode::ConstraintSeeds);
}
