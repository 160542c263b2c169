use anchor_lang::Address;
use custody::{Case, CaseState, CustodyError};
use pedigree_interface::instruction::custody::{
    determine_case, notify_case, resolve_case, resolve_lot_case,
};
use program_tests::{
    address,
    ledger::NOW,
    world::{DOCUMENT, World},
};

use crate::{
    State,
    open_case::{self, refuse_other_investigators},
    open_lot_case, refuse_states,
};

/// A case on a consignment and one on a lot.
fn either() -> [(World, Address); 2] {
    [open_case::opened(), open_lot_case::opened()]
}

#[test]
fn leaves_24_hours_to_notify() {
    for (mut world, case) in either() {
        world.ledger.set_time(NOW + 60);
        let effect = world.ledger.effect(case, |case: &mut Case| {
            case.state = CaseState::Illegitimate;
            case.document_hash = DOCUMENT;
            case.determination_hash = DOCUMENT;
            case.determined_at = NOW + 60;
            case.notify_by = NOW + 60 + 24 * 3600;
        });
        let instruction = determine_case(world.manufacturer, case, Some(DOCUMENT));
        world.ledger.execute_with_effects(&instruction, &[effect]);
    }
}

#[test]
fn refuses_cases_that_are_determined_or_resolved() {
    const DONE: [(State<Case>, CustodyError); 3] = [
        (
            |case| case.state = CaseState::Illegitimate,
            CustodyError::CaseDetermined,
        ),
        (
            |case| {
                case.state = CaseState::Cleared;
                case.resolved_at = NOW;
            },
            CustodyError::CaseResolved,
        ),
        (
            |case| {
                case.state = CaseState::Condemned;
                case.resolved_at = NOW;
            },
            CustodyError::CaseResolved,
        ),
    ];
    let (world, case) = open_case::opened();
    for site in [world.manufacturer, world.regulator] {
        let instruction = determine_case(site, case, Some(DOCUMENT));
        refuse_states(&world.ledger, &instruction, case, DONE);
    }
}

#[test]
fn refuses_anybody_but_the_opener_and_a_regulator() {
    for (world, case) in either() {
        refuse_other_investigators(&world, |site| determine_case(site, case, Some(DOCUMENT)));
    }
}

#[test]
fn refuses_wrong_accounts() {
    let (mut world, case) = open_case::opened();
    let instruction = determine_case(world.regulator, case, Some(DOCUMENT));
    let accounts = [world.regulator.partner, case];
    world.ledger.refuse_stand_ins(&instruction, &accounts);
}

#[test]
fn the_determination_stays_whatever_is_notified_and_resolved() {
    const NOTICE: [u8; 32] = [0x39; 32];
    const END: [u8; 32] = [0x0C; 32];
    // On a consignment and on a lot, cleared and condemned, notified before and after.
    for condemned in [true, false] {
        for notified_first in [true, false] {
            for (mut world, case) in either() {
                let World {
                    manufacturer,
                    regulator,
                    goods,
                    ..
                } = world;
                let is_lot = case == address::case(&goods.lot, 0);
                let resolution = if is_lot {
                    resolve_lot_case(regulator, case, goods.lot, condemned, Some(END))
                } else {
                    resolve_case(regulator, case, goods.consignment, condemned, Some(END))
                };
                let mut steps = vec![
                    determine_case(manufacturer, case, Some(DOCUMENT)),
                    notify_case(manufacturer, case, Some(NOTICE)),
                    resolution,
                ];
                if !notified_first {
                    steps.swap(1, 2);
                }
                for step in &steps {
                    world.ledger.execute(step);
                }
                let case: Case = world.ledger.read(case);
                assert_eq!(case.determination_hash(), Some(&DOCUMENT));
                assert_eq!(case.notification_hash(), Some(&NOTICE));
                let newest = if notified_first { END } else { NOTICE };
                assert_eq!(case.document_hash, newest);
            }
        }
    }
}
