use anchor_lang::{ErrorCode, solana_program::instruction::Instruction};
use custody::{
    Consignment, CustodyError, Disposition, Lot, Restrictions, UnitBlock, UnitPage, UnitRecord,
};
use pedigree_domain::{Permissions, Roles};
use pedigree_interface::{
    Goods, Site, TransferKind,
    instruction::custody::{
        Cut, decommission, destroy, dispense, handoff, merge, open_unit_page, report_stolen,
        sample, split, undo_dispense,
    },
};
use program_tests::{address, alter::Alter, effect::Effect, ledger::NOW, world::World};

use crate::{
    IMMOVABLE_LOTS, INELIGIBLE_SENDERS, LOT_UNDER_CASE, NOT_HELD, State, UNDER_CASE, UNSALEABLE,
    recall, refuse_other_signers, refuse_states, restrict, trail::link_units,
};

/// Units 64, 66 and 127: the first, the third and the last of block 1.
pub(crate) const BLOCK: UnitBlock = UnitBlock {
    number: 1,
    units: 1 | 1 << 2 | 1 << 63,
};

/// A pharmacy that holds units 60 to 259 of a lot with an open page.
fn counter() -> (World, Goods) {
    let mut world = World::new();
    let (payer, manufacturer, pharmacy) = (world.payer, world.manufacturer, world.pharmacy);
    let goods = world.goods;
    world.ledger.execute(&open_unit_page(payer, goods.lot, 0));
    let tail = world.cut(manufacturer, goods, 10_000 - 60);
    world.cut(manufacturer, tail, 10_000 - 260);
    world.hand_over(manufacturer, pharmacy, tail, TransferKind::Sale);
    (world, tail)
}

pub(crate) fn dispense_block(world: &World, goods: Goods) -> Instruction {
    dispense(world.payer, world.pharmacy, goods, BLOCK, None, None)
}

/// The counter after it dispensed the block.
pub(crate) fn dispensed() -> (World, Goods) {
    let (world, goods) = counter();
    let instruction = dispense_block(&world, goods);
    (world.after(&[instruction]), goods)
}

fn dispositions(world: &World, goods: Goods, units: &[u32]) -> Vec<Disposition> {
    let page: UnitPage = world
        .ledger
        .read(address::unit_page(&goods.lot, units[0] / 8_192));
    units.iter().map(|&unit| page.disposition(unit)).collect()
}

fn open(consignment: &mut Consignment, inactive: u32) {
    (consignment.inactive, consignment.absent) = (inactive, inactive);
    restrict(consignment, Restrictions::OPENED);
}

#[test]
fn units_are_given_out_once_and_the_record_says_when_and_by_whom() {
    let (mut world, goods) = counter();
    let World {
        payer, pharmacy, ..
    } = world;
    let address = address::unit_record(&goods.lot, pharmacy.gln, 1);
    let mut record = UnitRecord {
        lot: goods.lot,
        payer,
        site: pharmacy.gln.number(),
        last_at: NOW,
        block: 1,
        bump: address::bump(
            &[
                b"record",
                goods.lot.as_ref(),
                &pharmacy.gln.number().to_le_bytes(),
                &1u32.to_le_bytes(),
            ],
            &custody::ID,
        ),
        _padding: [0; 3],
        gone_at: [0; 64],
    };
    for place in [0, 2, 63] {
        record.gone_at[place] = NOW as u32;
    }
    let page = address::unit_page(&goods.lot, 0);
    let effects = [
        world.ledger.effect(page, |page: &mut UnitPage| {
            // Units 64 and 66 are even, 127 is odd.
            (page.dispositions[32], page.dispositions[33]) = (0x01, 0x01);
            page.dispositions[63] = 0x10;
            link_units(page, pharmacy, BLOCK, Disposition::Dispensed, [0; 32]);
        }),
        world
            .ledger
            .effect(goods.consignment, |consignment: &mut Consignment| {
                open(consignment, 3);
            }),
        Effect::creation(address, &record, payer),
    ];
    let instruction = dispense_block(&world, goods);
    world.ledger.execute_with_effects(&instruction, &effects);
    assert_eq!(
        dispositions(&world, goods, &[64, 65, 66, 127]),
        [
            Disposition::Dispensed,
            Disposition::Active,
            Disposition::Dispensed,
            Disposition::Dispensed
        ]
    );

    // The record is there already; another day and another unit go into it.
    world.ledger.set_time(NOW + 86_400);
    let next = UnitBlock::of(65);
    world
        .ledger
        .execute(&dispense(payer, pharmacy, goods, next, None, None));
    let record: UnitRecord = world.ledger.read(address);
    assert_eq!(
        record.gone_at[..3],
        [NOW, NOW + 86_400, NOW].map(|at| at as u32)
    );
    assert_eq!(record.last_at, NOW + 86_400);

    // No unit goes twice, nor anything that comes with it.
    for units in [1, 1 << 1, 1 << 63, 1 << 63 | 1 << 5] {
        let again = dispense(
            payer,
            pharmacy,
            goods,
            UnitBlock { number: 1, units },
            None,
            None,
        );
        world.ledger.refuse(&again, CustodyError::UnitNotActive);
    }
    assert_eq!(dispositions(&world, goods, &[69]), [Disposition::Active]);
}

#[test]
fn every_unit_of_a_consignment_can_be_given_out() {
    let (mut world, goods) = counter();
    let World {
        payer, pharmacy, ..
    } = world;
    for (number, units) in [(0, 0xF << 60), (1, !0), (2, !0), (3, !0), (4, 0xF)] {
        let block = UnitBlock { number, units };
        world
            .ledger
            .execute(&dispense(payer, pharmacy, goods, block, None, None));
    }
    let consignment: Consignment = world.ledger.read(goods.consignment);
    assert_eq!((consignment.inactive, consignment.quantity), (200, 200));
}

#[test]
fn only_the_consignments_own_units() {
    let (mut world, goods) = counter();
    let World {
        payer, pharmacy, ..
    } = world;
    for (number, units) in [
        (0, 1 << 59),
        (0, 1 << 59 | 1 << 60),
        (4, 1 << 4),
        (4, 1 | 1 << 4),
        (4, 1 << 63),
        (0, 1),
    ] {
        let block = UnitBlock { number, units };
        let instruction = dispense(payer, pharmacy, goods, block, None, None);
        world
            .ledger
            .refuse(&instruction, CustodyError::UnitOutsideConsignment);
    }
    let nothing = UnitBlock {
        number: 1,
        units: 0,
    };
    let instruction = dispense(payer, pharmacy, goods, nothing, None, None);
    world.ledger.refuse(&instruction, CustodyError::NoUnits);
    for number in [1 << 26, u32::MAX] {
        let beyond = UnitBlock { number, units: 1 };
        let instruction = dispense(payer, pharmacy, goods, beyond, None, None).replacing(
            address::unit_page(&goods.lot, number / 128),
            address::unit_page(&goods.lot, 0),
        );
        world
            .ledger
            .refuse(&instruction, CustodyError::UnitOutsideConsignment);
    }
}

#[test]
fn the_page_is_the_lots_and_the_units_own() {
    let (mut world, goods) = counter();
    let (payer, other) = (world.payer, world.other_goods);
    let instruction = dispense_block(&world, goods);
    for (lot, number) in [(goods.lot, 1), (other.lot, 0)] {
        world.ledger.execute(&open_unit_page(payer, lot, number));
        let elsewhere = instruction.clone().replacing(
            address::unit_page(&goods.lot, 0),
            address::unit_page(&lot, number),
        );
        world.ledger.refuse(&elsewhere, CustodyError::NotUnitsPage);
    }
}

#[test]
fn the_record_is_the_sites_own_of_this_block() {
    let (mut world, goods) = counter();
    let World {
        payer, pharmacy, ..
    } = world;
    let instruction = dispense_block(&world, goods);
    let own = address::unit_record(&goods.lot, pharmacy.gln, 1);
    // One that is there already, of another block.
    world.ledger.execute(&dispense(
        payer,
        pharmacy,
        goods,
        UnitBlock::of(130),
        None,
        None,
    ));
    let of_other_block = address::unit_record(&goods.lot, pharmacy.gln, 2);
    let elsewhere = instruction.clone().replacing(own, of_other_block);
    world.ledger.refuse(&elsewhere, ErrorCode::ConstraintSeeds);
    // And a copy of it where there was none.
    let copy = world.ledger.key("copy");
    let account = world.ledger.account(of_other_block);
    world.ledger.set_account(copy, account);
    let elsewhere = instruction.clone().replacing(own, copy);
    world.ledger.refuse(&elsewhere, ErrorCode::ConstraintSeeds);
    world.ledger.execute_prefunded(&instruction, &[own]);
}

#[test]
fn only_a_licensed_dispenser_that_has_the_units() {
    let (mut world, goods) = counter();
    let (pharmacy, wholesaler) = (world.pharmacy, world.wholesaler);
    let instruction = dispense_block(&world, goods);
    refuse_other_signers(&mut world.ledger, &instruction, &[pharmacy]);
    let by_other = dispense(world.payer, wholesaler, goods, BLOCK, None, None);
    world.ledger.refuse(&by_other, CustodyError::NotCustodian);
    for (disqualify, refusal) in INELIGIBLE_SENDERS {
        let mut world = world.clone();
        disqualify(&mut world, pharmacy);
        world.ledger.refuse(&instruction, refusal);
    }
    world.license(pharmacy, Roles::all().difference(Roles::DISPENSER));
    world.ledger.refuse(&instruction, CustodyError::SenderRole);
}

#[test]
fn nothing_that_may_not_be_sold_is_dispensed() {
    let (world, goods) = counter();
    let instruction = dispense_block(&world, goods);
    refuse_unfit(&world, goods, &instruction);
}

/// Tries what is done to [`BLOCK`] in every state in which its units may not be sold.
#[track_caller]
fn refuse_unfit(world: &World, goods: Goods, instruction: &Instruction) {
    let ledger = &world.ledger;
    refuse_states(ledger, instruction, goods.consignment, NOT_HELD);
    refuse_states(ledger, instruction, goods.consignment, UNDER_CASE);
    refuse_states(ledger, instruction, goods.consignment, UNSALEABLE);
    refuse_states(ledger, instruction, goods.lot, LOT_UNDER_CASE);
    let of_the_whole_lot = IMMOVABLE_LOTS
        .into_iter()
        .filter(|(_, refusal)| *refusal != CustodyError::Recalled);
    refuse_states(ledger, instruction, goods.lot, of_the_whole_lot);
    const RECALLED: [State<Lot>; 5] = [
        |lot| recall(lot, 64, 1),
        |lot| recall(lot, 0, 65),
        |lot| recall(lot, 127, 10),
        |lot| recall(lot, 0, u32::MAX),
        |lot| {
            recall(lot, 0, 1);
            lot.recalls = 8;
            (lot.recalled_first[7], lot.recalled_quantity[7]) = (66, 1);
        },
    ];
    for state in RECALLED {
        refuse_states(
            ledger,
            instruction,
            goods.lot,
            [(state, CustodyError::Recalled)],
        );
    }
    // Recalled units between those dispensed, or in a recall that was narrowed to nothing.
    const NOT_RECALLED: [State<Lot>; 3] = [
        |lot| recall(lot, 67, 60),
        |lot| recall(lot, 0, 64),
        |lot| recall(lot, 64, 0),
    ];
    for state in NOT_RECALLED {
        let mut ledger = ledger.clone();
        ledger.edit(goods.lot, state);
        ledger.execute(instruction);
    }
}

#[test]
fn a_consignment_with_units_gone_goes_nowhere_as_a_whole() {
    let (mut world, goods) = dispensed();
    let World {
        payer,
        manufacturer,
        pharmacy,
        wholesaler,
        ..
    } = world;
    for kind in [
        TransferKind::Sale,
        TransferKind::Return,
        TransferKind::Disposal,
        TransferKind::Logistics,
    ] {
        let to = if kind == TransferKind::Return {
            manufacturer
        } else {
            wholesaler
        };
        let instruction = handoff(pharmacy, to, world.now(goods), kind, Some([1; 32]));
        world.ledger.refuse(&instruction, CustodyError::PartlyGone);
        world
            .ledger
            .refuse(&instruction.the_long_way(), CustodyError::PartlyGone);
    }
    let goods = world.now(goods);
    for instruction in [
        destroy(pharmacy, wholesaler, goods, Some([1; 32])),
        sample(pharmacy, goods, None, Some([1; 32])),
        report_stolen(pharmacy, goods, None, Some([1; 32])),
    ] {
        world.ledger.refuse(&instruction, CustodyError::PartlyGone);
    }

    // What is split off takes its own units' counts along; the pages prove them.
    let page = address::unit_page(&goods.lot, 0);
    let cut = split(
        payer,
        pharmacy,
        goods,
        Cut {
            index: 1,
            quantity: 132,
            sscc: None,
        },
    );
    world.ledger.refuse(&cut, CustodyError::NotUnitsPage);
    let foreign = cut.clone().inserting(6, goods.lot);
    world.ledger.refuse(&foreign, CustodyError::NotUnitsPage);
    let other_page = address::unit_page(&goods.lot, 1);
    world.ledger.execute(&open_unit_page(payer, goods.lot, 1));
    let wrong = cut.clone().inserting(6, other_page);
    world.ledger.refuse(&wrong, CustodyError::NotUnitsPage);
    // Units 128 to 259 are all active, 60 to 127 are three less.
    world.ledger.execute(&cut.inserting(6, page));
    let child = |index| Goods {
        consignment: address::consignment(&goods.consignment, index),
        ..goods
    };
    let (first, second) = (child(1), child(2));
    let (rest, part): (Consignment, Consignment) = (
        world.ledger.read(goods.consignment),
        world.ledger.read(first.consignment),
    );
    assert_eq!((rest.inactive, rest.quantity), (3, 68));
    assert_eq!((part.inactive, part.restrictions), (0, 0));
    world
        .clone()
        .hand_over(pharmacy, wholesaler, first, TransferKind::Sale);

    // A second cut, through the dispensed units: 127 goes with the part.
    let cut = split(
        payer,
        pharmacy,
        world.now(goods),
        Cut {
            index: 2,
            quantity: 1,
            sscc: None,
        },
    )
    .inserting(6, page);
    world.ledger.execute(&cut);
    let (rest, part): (Consignment, Consignment) = (
        world.ledger.read(goods.consignment),
        world.ledger.read(second.consignment),
    );
    assert_eq!((rest.inactive, part.inactive), (2, 1));
    assert_eq!(part.restrictions, Restrictions::OPENED.bits());

    // And together again.
    for neighbour in [second, first] {
        let merge = merge(pharmacy, world.now(goods), world.now(neighbour), payer);
        world.ledger.execute(&merge);
    }
    let whole: Consignment = world.ledger.read(goods.consignment);
    assert_eq!((whole.inactive, whole.quantity), (3, 200));
}

#[test]
fn a_part_that_is_on_two_pages_is_counted_in_one_instruction() {
    let mut world = World::new();
    let World {
        payer,
        manufacturer,
        goods,
        ..
    } = world;
    let pages = [0, 1].map(|number| address::unit_page(&goods.lot, number));
    for number in [0, 1] {
        let opening = open_unit_page(payer, goods.lot, number);
        world.ledger.execute(&opening);
    }
    // At the ends of the lot, of words of 16 units, and of pages.
    let gone = [0, 15, 16, 8_175, 8_191, 8_192, 8_208, 9_998, 9_999];
    for unit in gone {
        let block = UnitBlock::of(unit);
        let damaged = decommission(
            payer,
            manufacturer,
            goods,
            block,
            Disposition::Damaged,
            None,
            None,
        );
        world.ledger.execute(&damaged);
    }
    for first in [1, 15, 16, 17, 31, 8_190, 8_191, 8_192, 8_193, 8_208, 9_999] {
        let quantity = 10_000 - first;
        let touched = &pages[first as usize / 8_192..];
        let mut cut = split(payer, manufacturer, goods, Cut::first(quantity));
        for (place, &page) in touched.iter().enumerate() {
            cut = cut.inserting(6 + place, page);
        }
        let after = world.after(&[cut]);
        let child = address::consignment(&goods.consignment, 0);
        let [rest, part] = [goods.consignment, child].map(|at| {
            let Consignment { inactive, .. } = after.ledger.read(at);
            inactive as usize
        });
        let expected = gone.iter().filter(|&&unit| unit >= first).count();
        assert_eq!((rest, part), (gone.len() - expected, expected), "{first}");
    }
}

#[test]
fn a_dispense_is_undone_within_ten_days_by_its_dispenser() {
    let (mut world, goods) = dispensed();
    let pharmacy = world.pharmacy;
    let address = address::unit_record(&goods.lot, pharmacy.gln, 1);
    let page = address::unit_page(&goods.lot, 0);
    let two = UnitBlock {
        number: 1,
        units: 1 | 1 << 63,
    };
    world.ledger.set_time(NOW + UnitRecord::UNDO_TIME);
    let effects = [
        world.ledger.effect(page, |page: &mut UnitPage| {
            (page.dispositions[32], page.dispositions[63]) = (0, 0);
            link_units(page, pharmacy, two, Disposition::Active, [0; 32]);
        }),
        world
            .ledger
            .effect(goods.consignment, |consignment: &mut Consignment| {
                (consignment.inactive, consignment.absent) = (1, 1);
            }),
        world.ledger.effect(address, |record: &mut UnitRecord| {
            (record.gone_at[0], record.gone_at[63]) = (0, 0);
        }),
    ];
    let instruction = undo_dispense(pharmacy, goods, two);
    world.ledger.execute_with_effects(&instruction, &effects);
    // Nothing is undone twice, nor what was not dispensed.
    for unit in [64, 65, 127] {
        let again = undo_dispense(pharmacy, goods, UnitBlock::of(unit));
        world.ledger.refuse(&again, CustodyError::UnitNotDispensed);
    }
    let last = undo_dispense(pharmacy, goods, UnitBlock::of(66));
    let mut late = world.clone();
    late.ledger.set_time(NOW + UnitRecord::UNDO_TIME + 1);
    late.ledger.refuse(&last, CustodyError::UndoTooLate);
    world.ledger.execute(&last);
    let consignment: Consignment = world.ledger.read(goods.consignment);
    assert_eq!((consignment.inactive, consignment.restrictions), (0, 0));
    // What was undone is dispensed again.
    let again = dispense_block(&world, goods);
    world.ledger.execute(&again);
}

#[test]
fn undoing_is_refused_where_dispensing_is() {
    let (mut world, goods) = dispensed();
    let (pharmacy, wholesaler) = (world.pharmacy, world.wholesaler);
    let instruction = undo_dispense(pharmacy, goods, BLOCK);
    refuse_unfit(&world, goods, &instruction);
    refuse_other_signers(&mut world.ledger, &instruction, &[pharmacy]);
    for (disqualify, refusal) in INELIGIBLE_SENDERS {
        let mut world = world.clone();
        disqualify(&mut world, pharmacy);
        world.ledger.refuse(&instruction, refusal);
    }
    let outside = UnitBlock {
        number: 1,
        units: 1,
    };
    world
        .ledger
        .edit(goods.consignment, |consignment: &mut Consignment| {
            consignment.first_unit = 65;
        });
    let instruction = undo_dispense(pharmacy, goods, outside);
    world
        .ledger
        .refuse(&instruction, CustodyError::UnitOutsideConsignment);
    let by_other = undo_dispense(wholesaler, goods, outside).replacing(
        address::unit_record(&goods.lot, wholesaler.gln, 1),
        address::unit_record(&goods.lot, pharmacy.gln, 1),
    );
    world.ledger.refuse(&by_other, CustodyError::NotCustodian);
}

#[test]
fn another_sites_record_undoes_nothing() {
    let (mut world, goods) = dispensed();
    let pharmacy = world.pharmacy;
    let record = address::unit_record(&goods.lot, pharmacy.gln, 1);
    let instruction = undo_dispense(pharmacy, goods, BLOCK);
    let states: [State<UnitRecord>; 3] = [
        |record| record.site += 1,
        |record| record.lot = Default::default(),
        |record| record.block = 2,
    ];
    for state in states {
        refuse_states(
            &world.ledger,
            &instruction,
            record,
            [(state, CustodyError::NotDispenser)],
        );
    }
    // What was decommissioned is not dispensed.
    let damaged = decommission(
        world.payer,
        pharmacy,
        goods,
        UnitBlock::of(70),
        Disposition::Damaged,
        None,
        None,
    );
    world.ledger.execute(&damaged);
    let instruction = undo_dispense(pharmacy, goods, UnitBlock::of(70));
    world
        .ledger
        .refuse(&instruction, CustodyError::UnitNotDispensed);
}

#[test]
fn an_operator_dispenses_with_the_permission() {
    let (mut world, goods) = counter();
    let pharmacy = world.pharmacy;
    let counter = world.appoint(pharmacy, "counter", Permissions::DISPENSE);
    let by_operator = Site::by_operator(pharmacy.gln, counter.key);
    let instruction = dispense(world.payer, by_operator, goods, BLOCK, None, None);
    world.ledger.execute(&instruction);
}
