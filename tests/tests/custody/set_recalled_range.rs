use custody::{CustodyError, Lot, RECALL_AUTHORITY};
use pedigree_interface::instruction::custody::set_recalled_range;
use program_tests::{
    alter::Alter,
    recalled::units,
    world::{UNITS, World},
};

/// A world in which the recall program's PDA can sign.
fn world() -> World {
    let mut world = World::new();
    world.ledger.trust_signatures();
    world
}

#[test]
fn each_recall_has_units_of_its_own() {
    let mut world = world();
    let lot = world.goods.lot;
    for number in 0..8 {
        let place = usize::from(number);
        let effect = world.ledger.effect(lot, |lot: &mut Lot| {
            lot.recalls = number + 1;
            lot.recall_changes = u32::from(number) + 1;
            lot.recalled_first[place] = u32::from(number) * 100;
            lot.recalled_quantity[place] = 50;
        });
        let first = u32::from(number) * 100;
        let instruction = set_recalled_range(lot, number, units(first, 50));
        world.ledger.execute_with_effects(&instruction, &[effect]);
    }
    // Later units of the same recall replace the earlier ones.
    let effect = world.ledger.effect(lot, |lot: &mut Lot| {
        lot.recall_changes = 9;
        lot.recalled_first[3] = 0;
        lot.recalled_quantity[3] = UNITS;
    });
    let instruction = set_recalled_range(lot, 3, units(0, UNITS));
    world.ledger.execute_with_effects(&instruction, &[effect]);
    let lot: Lot = world.ledger.read(lot);
    assert!(lot.is_recalled(9_999, 1));
    assert_eq!(lot.recalled_ranges().count(), 8);
}

#[test]
fn refuses_changes_beyond_the_last_that_can_be_counted() {
    let mut world = world();
    let lot = world.goods.lot;
    world
        .ledger
        .edit(lot, |lot: &mut Lot| lot.recall_changes = u32::MAX);
    let instruction = set_recalled_range(lot, 0, units(0, 1));
    world
        .ledger
        .refuse(&instruction, CustodyError::SequenceExhausted);
}

#[test]
fn recalls_are_numbered_in_their_order() {
    let mut world = world();
    let lot = world.goods.lot;
    for number in [1, 8, u8::MAX] {
        let instruction = set_recalled_range(lot, number, units(0, 1));
        world
            .ledger
            .refuse(&instruction, CustodyError::InvalidRecallNumber);
    }
    world.ledger.edit(lot, |lot: &mut Lot| lot.recalls = 8);
    for number in [8, 9] {
        let instruction = set_recalled_range(lot, number, units(0, 1));
        world
            .ledger
            .refuse(&instruction, CustodyError::InvalidRecallNumber);
    }
}

#[test]
fn the_run_lies_within_the_lot() {
    let mut world = world();
    let lot = world.goods.lot;
    for (first, quantity) in [
        (0, UNITS + 1),
        (UNITS, 1),
        (1, UNITS),
        (u32::MAX, 1),
        (1, u32::MAX),
        (u32::MAX, u32::MAX),
    ] {
        let instruction = set_recalled_range(lot, 0, units(first, quantity));
        world
            .ledger
            .refuse(&instruction, CustodyError::RangeOutsideLot);
    }
    for (first, quantity) in [(0, UNITS), (UNITS - 1, 1), (UNITS, 0)] {
        let instruction = set_recalled_range(lot, 0, units(first, quantity));
        world.ledger.clone().execute(&instruction);
    }
}

#[test]
fn only_the_recall_programs_pda_may() {
    let mut world = world();
    let lot = world.goods.lot;
    let instruction = set_recalled_range(lot, 0, units(0, 1));
    for key in [world.manufacturer.key, world.regulator.key, custody::ID] {
        let forged = instruction.clone().replacing(RECALL_AUTHORITY, key);
        world
            .ledger
            .refuse(&forged, CustodyError::NotRecallAuthority);
    }
    world
        .ledger
        .refuse_unsigned(&instruction, &[RECALL_AUTHORITY]);
}
