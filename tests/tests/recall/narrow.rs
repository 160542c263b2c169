use anchor_lang::solana_program::instruction::Instruction;
use custody::Lot;
use pedigree_interface::{Site, instruction::recall::narrow, units::UnitRange};
use program_tests::{
    address,
    alter::Alter,
    effect::Effect,
    ledger::NOW,
    recalled::{RecalledWorld, units},
    world::{DOCUMENT, World},
};
use recall::{Recall, RecallError, Scope};

use crate::{downstream, refuse_ineligible_regulators, refuse_other_signers};

/// Has a site leave only these units of the recall of the world's lot.
fn by(world: &World, site: Site, units: UnitRange) -> Instruction {
    let recall: Recall = world.ledger.read(address::recall(&world.goods.lot, 0));
    let document_hash = Some(DOCUMENT);
    narrow(
        world.payer,
        site,
        &recall,
        recall.scopes,
        units,
        document_hash,
    )
}

#[test]
fn releases_units_even_of_a_terminated_recall() {
    for (first, quantity) in [(8_000, 999), (8_001, 999), (8_500, 1), (8_999, 0)] {
        for ends in [false, true] {
            let recalled = RecalledWorld::new();
            let mut world = recalled.world.clone();
            let lot = world.goods.lot;
            if ends {
                world.ledger.execute(&recalled.terminate());
            }
            world.ledger.set_time(NOW + 100);
            let seeds: &[&[u8]] = &[b"scope", recalled.recall.as_ref(), &[1, 0, 0, 0]];
            let scope = Scope {
                recall: recalled.recall,
                since: NOW + 100,
                change: 2,
                number: 1,
                first,
                quantity,
                first_before: 8_000,
                quantity_before: 1_000,
                narrowings: 1,
                bump: address::bump(seeds, &recall::ID),
                _padding: [0; 3],
                notify_by: 0,
                reclassified_notify_by: 0,
            };
            let changes = [
                world.ledger.effect(recalled.recall, |recall: &mut Recall| {
                    (recall.first, recall.quantity) = (first, quantity);
                    (recall.scopes, recall.narrowings, recall.recounts) = (2, 1, 1);
                    recall.changed_at = NOW + 100;
                    recall.document_hash = DOCUMENT;
                }),
                world.ledger.effect(lot, |lot: &mut Lot| {
                    lot.recall_changes += 1;
                    lot.recalled_first[0] = first;
                    lot.recalled_quantity[0] = quantity;
                }),
                Effect::creation(address::scope(&recalled.recall, 1), &scope, world.payer),
            ];
            let instruction = by(&world, world.regulator, units(first, quantity));
            world.ledger.execute_with_effects(&instruction, &changes);
        }
    }
}

#[test]
fn refuses_to_add_a_unit() {
    let RecalledWorld { mut world, .. } = RecalledWorld::new();
    for range in [
        units(8_000, 1_000),
        units(7_999, 10),
        units(8_999, 2),
        units(9_001, 0),
        units(u32::MAX, 0),
        units(u32::MAX, u32::MAX),
        units(0, 0),
    ] {
        let instruction = by(&world, world.regulator, range);
        world
            .ledger
            .refuse(&instruction, RecallError::RangeNotNarrowed);
    }
}

#[test]
fn refuses_anybody_but_a_regulator() {
    let RecalledWorld { mut world, .. } = RecalledWorld::new();
    for site in [&downstream(&world)[..], &[world.manufacturer]].concat() {
        let instruction = by(&world, site, units(8_100, 100));
        world.ledger.refuse(&instruction, RecallError::NotRegulator);
    }
    let regulator = world.regulator;
    let instruction = by(&world, regulator, units(8_100, 100));
    refuse_ineligible_regulators(&world, &instruction, RecallError::NotRegulator);
    refuse_other_signers(&mut world.ledger, &instruction, regulator);
}

#[test]
fn refuses_wrong_accounts() {
    let RecalledWorld {
        mut world, recall, ..
    } = RecalledWorld::new();
    let (regulator, lot) = (world.regulator, world.goods.lot);
    let instruction = by(&world, regulator, units(8_100, 100));
    world
        .ledger
        .refuse_stand_ins(&instruction, &[regulator.partner, recall]);
    let other = instruction.replacing(lot, world.other_goods.lot);
    world.ledger.refuse(&other, RecallError::NotRecallsLot);
}

#[test]
fn what_was_proven_of_the_wider_range_counts_no_more() {
    let mut recalled = RecalledWorld::new();
    let proof = recalled.prove(recalled.returned, units(8_200, 10));
    recalled.world.ledger.execute(&proof);
    assert_eq!(recalled.read().shown_returned, 10);
    let releasing = recalled.narrow(units(8_000, 250));
    recalled.world.ledger.execute(&releasing);
    let recall = recalled.read();
    assert_eq!((recall.shown_returned, recall.recounts), (0, 1));
    // The site's answer stands until it answers anew.
    assert_eq!((recall.responses, recall.returned), (1, 10));
}
