use anchor_lang::Address;
use custody::{Case, CustodyError};
use pedigree_domain::Roles;
use pedigree_interface::{
    Site,
    instruction::{
        custody::{determine_case, notify_case, resolve_case},
        registry::move_gln,
    },
};
use program_tests::{
    address,
    layout::padded,
    ledger::NOW,
    world::{DOCUMENT, World, licence},
};

use crate::open_case::{opened, refuse_other_investigators};

/// Form FDA 3911, as its hash.
const NOTICE: [u8; 32] = [0x39; 32];

/// A world in which the manufacturer has found the goods illegitimate, and the case's address.
fn determined() -> (World, Address) {
    let (mut world, case) = opened();
    let determination = determine_case(world.manufacturer, case, Some(DOCUMENT));
    world.ledger.execute(&determination);
    (world, case)
}

#[test]
fn records_when_it_was_done_in_time_or_not() {
    for late in [0, 24 * 3600, 24 * 3600 + 1] {
        let (mut world, case) = determined();
        world.ledger.set_time(NOW + late);
        let effect = world.ledger.effect(case, |case: &mut Case| {
            case.notified_at = NOW + late;
            case.document_hash = NOTICE;
            case.notification_hash = NOTICE;
        });
        let instruction = notify_case(world.manufacturer, case, Some(NOTICE));
        world.ledger.execute_with_effects(&instruction, &[effect]);
    }
}

#[test]
fn works_after_the_case_was_resolved() {
    let (mut world, case) = determined();
    let (manufacturer, consignment) = (world.manufacturer, world.goods.consignment);
    for instruction in [
        resolve_case(
            manufacturer,
            address::case(&consignment, 0),
            consignment,
            true,
            Some(DOCUMENT),
        ),
        notify_case(manufacturer, case, Some(NOTICE)),
    ] {
        world.ledger.execute(&instruction);
    }
}

#[test]
fn refuses_what_was_not_found_illegitimate() {
    let (mut world, case) = opened();
    let (manufacturer, consignment) = (world.manufacturer, world.goods.consignment);
    let instruction = notify_case(manufacturer, case, Some(NOTICE));
    world
        .ledger
        .refuse(&instruction, CustodyError::CaseNotDetermined);
    let clearance = resolve_case(
        manufacturer,
        address::case(&consignment, 0),
        consignment,
        false,
        Some(DOCUMENT),
    );
    world.ledger.execute(&clearance);
    world
        .ledger
        .refuse(&instruction, CustodyError::CaseNotDetermined);
}

#[test]
fn refuses_a_second_time() {
    let (mut world, case) = determined();
    let first = notify_case(world.manufacturer, case, Some(NOTICE));
    world.ledger.execute(&first);
    for site in [world.manufacturer, world.regulator] {
        let again = notify_case(site, case, Some(NOTICE));
        world.ledger.refuse(&again, CustodyError::CaseNotified);
    }
}

#[test]
fn refuses_anybody_but_the_opener_and_a_regulator() {
    let (world, case) = determined();
    refuse_other_investigators(&world, |site| notify_case(site, case, Some(NOTICE)));
}

#[test]
fn whoever_opened_the_case_reports_in_any_standing() {
    for disqualify in [World::suspend, World::revoke, World::lapse] {
        let (mut world, case) = determined();
        let opener = world.manufacturer;
        disqualify(&mut world, opener);
        world
            .ledger
            .execute(&notify_case(opener, case, Some(NOTICE)));
    }
}

#[test]
fn refuses_wrong_accounts() {
    let (mut world, case) = determined();
    let instruction = notify_case(world.regulator, case, Some(NOTICE));
    let accounts = [world.regulator.partner, case];
    world.ledger.refuse_stand_ins(&instruction, &accounts);
}

#[test]
fn refuses_an_opener_whose_gln_has_another_holder_that_has_not_confirmed() {
    let (mut world, case) = determined();
    let World {
        authority,
        issuer_key,
        manufacturer,
        payer,
        ..
    } = world;
    let moving = move_gln(
        authority,
        address::issuer(&issuer_key),
        manufacturer.gln,
        payer,
        padded("Owner"),
        licence(Roles::MANUFACTURER),
    );
    world.ledger.execute(&moving);
    let holder = Site::own(manufacturer.gln, payer);
    let instruction = notify_case(holder, case, Some(NOTICE));
    world
        .ledger
        .refuse(&instruction, CustodyError::SenderNotConfirmed);
    let confirmation = world.confirmation(holder);
    for step in [confirmation, instruction] {
        world.ledger.execute(&step);
    }
}
