//! What resolving a case does and refuses, on a consignment and on a whole lot alike.

use anchor_lang::{Address, solana_program::instruction::Instruction};
use custody::{Case, CaseState, CustodyError};
use pedigree_interface::{Site, instruction::custody::determine_case};
use program_tests::{
    effect::Effect,
    ledger::NOW,
    world::{DOCUMENT, World},
};

use crate::open_case::{refuse_an_opener_without_standing, refuse_other_investigators};

/// The hash of the document about how a case was resolved.
pub(crate) const RESOLVED: [u8; 32] = [0x0C; 32];

/// A world with a case that the manufacturer opened, and the case's address.
type Opened = fn() -> (World, Address);

/// A site resolves the case, condemning its subject or not.
type Resolve = fn(&World, Site, bool) -> Instruction;

/// Has a regulator resolve the case, determined before or not, and expects `subject` as the only effect on
/// the case's subject. What was not determined is not condemned.
pub(crate) fn resolves_the_case(
    opened: Opened,
    resolve: Resolve,
    subject: impl Fn(&World, bool) -> Effect,
) {
    for determined in [false, true] {
        for condemned in [false, true] {
            let (mut world, case) = opened();
            let regulator = world.regulator;
            if determined {
                let determination = determine_case(world.manufacturer, case, Some(DOCUMENT));
                world.ledger.execute(&determination);
            }
            world.ledger.set_time(NOW + 60);
            let effects = [
                world.ledger.effect(case, |case: &mut Case| {
                    case.state = if condemned {
                        CaseState::Condemned
                    } else {
                        CaseState::Cleared
                    };
                    case.document_hash = RESOLVED;
                    case.resolved_by = regulator.gln.number();
                    case.resolved_at = NOW + 60;
                }),
                subject(&world, condemned),
            ];
            let instruction = resolve(&world, regulator, condemned);
            if condemned && !determined {
                world
                    .ledger
                    .refuse(&instruction, CustodyError::CaseNotDetermined);
            } else {
                world.ledger.execute_with_effects(&instruction, &effects);
            }
        }
    }
}

/// Expects refusals to condemn what nobody determined to be illegitimate, whoever wants it.
pub(crate) fn nothing_is_condemned_without_a_determination(opened: Opened, resolve: Resolve) {
    let (mut world, case) = opened();
    for site in [world.manufacturer, world.regulator] {
        let condemnation = resolve(&world, site, true);
        world
            .ledger
            .refuse(&condemnation, CustodyError::CaseNotDetermined);
    }
    let determination = determine_case(world.regulator, case, Some(DOCUMENT));
    world.ledger.execute(&determination);
    world.after(&[resolve(&world, world.manufacturer, true)]);
    world.after(&[resolve(&world, world.regulator, true)]);
}

/// Expects refusals to a site that opened the case and lost its standing, and that a regulator ends the case
/// all the same.
pub(crate) fn an_opener_without_standing_decides_nothing(opened: Opened, resolve: Resolve) {
    let (world, case) = opened();
    refuse_an_opener_without_standing(&world, |site| determine_case(site, case, Some(DOCUMENT)));
    let determined = world.after(&[determine_case(world.regulator, case, Some(DOCUMENT))]);
    refuse_an_opener_without_standing(&world, |site| resolve(&world, site, false));
    refuse_an_opener_without_standing(&determined, |site| resolve(&world, site, true));
    for disqualify in [World::suspend, World::revoke, World::lapse] {
        let mut world = world.clone();
        let opener = world.manufacturer;
        disqualify(&mut world, opener);
        let clearance = resolve(&world, world.regulator, false);
        world.ledger.execute(&clearance);
    }
}

/// Expects that the manufacturer can condemn illegitimate product and only a regulator can clear it.
pub(crate) fn only_a_regulator_clears_what_is_illegitimate(opened: Opened, resolve: Resolve) {
    let (mut world, case) = opened();
    let World {
        manufacturer,
        regulator,
        ..
    } = world;
    let determination = determine_case(manufacturer, case, Some(DOCUMENT));
    world.ledger.execute(&determination);
    let clearance = resolve(&world, manufacturer, false);
    world
        .ledger
        .refuse(&clearance, CustodyError::CaseDetermined);
    world.after(&[resolve(&world, manufacturer, true)]);
    world.after(&[resolve(&world, regulator, false)]);
}

/// Expects a refusal to resolve a case that is resolved.
pub(crate) fn refuses_a_second_time(opened: Opened, resolve: Resolve) {
    let (mut world, _) = opened();
    let first = resolve(&world, world.manufacturer, false);
    world.ledger.execute(&first);
    for site in [world.manufacturer, world.regulator] {
        for condemned in [false, true] {
            let again = resolve(&world, site, condemned);
            world.ledger.refuse(&again, CustodyError::CaseResolved);
        }
    }
}

/// Expects refusals to sites that have no part in the case.
pub(crate) fn refuses_anybody_but_the_opener_and_a_regulator(opened: Opened, resolve: Resolve) {
    let (world, case) = opened();
    refuse_other_investigators(&world, |site| resolve(&world, site, false));
    let determined = world.after(&[determine_case(world.regulator, case, Some(DOCUMENT))]);
    refuse_other_investigators(&determined, |site| resolve(&world, site, true));
}
