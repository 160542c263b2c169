use anchor_lang::{Address, solana_program::instruction::Instruction};
use custody::{Change, Consignment, ConsignmentStatus, CustodyError, Restrictions};
use pedigree_domain::Roles;
use pedigree_interface::{
    Site, TransferKind,
    instruction::custody::{determine_case, handoff, open_case, release, resolve_case},
};
use program_tests::{
    address,
    scenario::finding,
    world::{DOCUMENT, World},
};

use crate::{INELIGIBLE_SENDERS, NOT_HELD, OUT_OF_STANDING, refuse_states, restrict, trail};

/// The hash of the document about why a restriction is lifted.
const LIFTED: [u8; 32] = [0x0B; 32];

/// A site ends a quarantine.
pub(crate) fn release_quarantined(site: Site, consignment: Address) -> Instruction {
    release(site, consignment, Restrictions::QUARANTINED, Some(LIFTED))
}

/// A world whose goods have these restrictions, and an instruction of a site to lift `lifted`.
fn restricted(restrictions: Restrictions) -> World {
    let mut world = World::new();
    world
        .ledger
        .edit(world.goods.consignment, |consignment: &mut Consignment| {
            restrict(consignment, restrictions);
        });
    world
}

#[test]
fn the_custodian_ends_its_quarantine_and_nothing_else() {
    let mut world = restricted(Restrictions::LIFTABLE);
    let (custodian, consignment) = (world.manufacturer, world.goods.consignment);
    for others in [
        Restrictions::RETURNED,
        Restrictions::CONDEMNED,
        Restrictions::QUARANTINED.union(Restrictions::CONDEMNED),
    ] {
        let instruction = release(custodian, consignment, others, Some(LIFTED));
        world
            .ledger
            .refuse(&instruction, CustodyError::LiftedByRegulator);
    }
    let effect = world
        .ledger
        .effect(consignment, |consignment: &mut Consignment| {
            consignment.restrictions &= !Restrictions::QUARANTINED.bits();
            trail::noted(consignment, Change::Release, LIFTED);
        });
    let instruction = release_quarantined(custodian, consignment);
    world.ledger.execute_with_effects(&instruction, &[effect]);
    world
        .ledger
        .refuse(&instruction, CustodyError::NotRestricted);
}

#[test]
fn a_regulator_lifts_any_restriction() {
    for lifted in [
        Restrictions::QUARANTINED,
        Restrictions::RETURNED,
        Restrictions::CONDEMNED,
        Restrictions::LIFTABLE,
    ] {
        let mut world = restricted(Restrictions::all());
        let consignment = world.goods.consignment;
        let effect = world
            .ledger
            .effect(consignment, |consignment: &mut Consignment| {
                // What is not condemned any more is not surrendered either.
                let mut lifted = lifted;
                if lifted.contains(Restrictions::CONDEMNED) {
                    lifted |= Restrictions::SURRENDERED;
                }
                consignment.restrictions = Restrictions::all().difference(lifted).bits();
                trail::noted(consignment, Change::Release, LIFTED);
            });
        let instruction = release(world.regulator, consignment, lifted, Some(LIFTED));
        world.ledger.execute_with_effects(&instruction, &[effect]);
    }
}

#[test]
fn who_has_the_goods_lifts_nothing_as_a_regulator() {
    // A trader that was licensed as a regulator instead, while it had condemned goods.
    let mut world = restricted(Restrictions::QUARANTINED.union(Restrictions::CONDEMNED));
    let (custodian, consignment) = (world.manufacturer, world.goods.consignment);
    world.license(custodian, Roles::REGULATOR);
    for (lifted, refusal) in [
        (Restrictions::CONDEMNED, CustodyError::LiftedByRegulator),
        (Restrictions::QUARANTINED, CustodyError::SenderRole),
    ] {
        let instruction = release(custodian, consignment, lifted, None);
        world.ledger.refuse(&instruction, refusal);
        world.after(&[release(world.regulator, consignment, lifted, None)]);
    }
}

#[test]
fn condemned_goods_are_free_again_once_a_regulator_says_so() {
    let mut world = World::new();
    let World {
        payer,
        manufacturer,
        wholesaler,
        regulator,
        goods,
        ..
    } = world;
    let consignment = goods.consignment;
    let case = address::case(&consignment, 0);
    let suspect = finding(custody::ExceptionCode::None);
    for instruction in [
        open_case(payer, manufacturer, manufacturer.gln, goods, 0, suspect),
        determine_case(manufacturer, case, None),
        resolve_case(manufacturer, case, consignment, true, None),
    ] {
        world.ledger.execute(&instruction);
    }
    let sale = handoff(
        manufacturer,
        wholesaler,
        goods,
        TransferKind::Sale,
        Some(DOCUMENT),
    );
    world.ledger.refuse(&sale, CustodyError::Condemned);
    for nobody in [manufacturer, wholesaler] {
        let lifting = release(nobody, consignment, Restrictions::CONDEMNED, Some(LIFTED));
        world
            .ledger
            .refuse(&lifting, CustodyError::LiftedByRegulator);
    }
    let lifting = release(
        regulator,
        consignment,
        Restrictions::CONDEMNED,
        Some(LIFTED),
    );
    world.ledger.execute(&lifting);
    world.ledger.execute(&sale);
}

#[test]
fn a_regulator_lifts_restrictions_of_goods_on_offer_and_under_case() {
    for status in [ConsignmentStatus::Held, ConsignmentStatus::Offered] {
        let mut world = restricted(Restrictions::QUARANTINED);
        let consignment = world.goods.consignment;
        world
            .ledger
            .edit(consignment, |consignment: &mut Consignment| {
                consignment.status = status;
                consignment.open_cases = 1;
            });
        world.after(&[release_quarantined(world.regulator, consignment)]);
    }
}

#[test]
fn refuses_what_is_gone() {
    let world = restricted(Restrictions::QUARANTINED);
    let consignment = world.goods.consignment;
    let by_custodian = release_quarantined(world.manufacturer, consignment);
    refuse_states(&world.ledger, &by_custodian, consignment, NOT_HELD);
    let by_regulator = release_quarantined(world.regulator, consignment);
    let gone = NOT_HELD
        .into_iter()
        .filter(|(_, refusal)| *refusal == CustodyError::UnitsGone);
    refuse_states(&world.ledger, &by_regulator, consignment, gone);
}

#[test]
fn refuses_restrictions_that_are_not_there_or_cannot_be_lifted() {
    let mut world = restricted(Restrictions::QUARANTINED.union(Restrictions::OPENED));
    let (regulator, consignment) = (world.regulator, world.goods.consignment);
    for absent in [
        Restrictions::RETURNED,
        Restrictions::CONDEMNED,
        Restrictions::QUARANTINED.union(Restrictions::RETURNED),
    ] {
        let instruction = release(regulator, consignment, absent, None);
        world
            .ledger
            .refuse(&instruction, CustodyError::NotRestricted);
    }
    for bits in [0, 1 << 3, 1 << 7, u8::MAX] {
        let invalid = Restrictions::from_bits_retain(bits);
        let instruction = release(regulator, consignment, invalid, None);
        world
            .ledger
            .refuse(&instruction, CustodyError::InvalidRestrictions);
    }
}

#[test]
fn refuses_a_custodian_and_a_regulator_without_standing() {
    for (disqualify, refusal) in INELIGIBLE_SENDERS {
        let mut world = restricted(Restrictions::QUARANTINED);
        let custodian = world.manufacturer;
        disqualify(&mut world, custodian);
        let instruction = release_quarantined(custodian, world.goods.consignment);
        world.ledger.refuse(&instruction, refusal);
    }
    for (disqualify, refusal) in OUT_OF_STANDING {
        let mut world = restricted(Restrictions::CONDEMNED);
        let regulator = world.regulator;
        disqualify(&mut world, regulator);
        let consignment = world.goods.consignment;
        let instruction = release(regulator, consignment, Restrictions::CONDEMNED, None);
        world.ledger.refuse(&instruction, refusal);
    }
}

#[test]
fn refuses_everybody_else() {
    let mut world = restricted(Restrictions::QUARANTINED);
    let World {
        manufacturer,
        other_manufacturer,
        wholesaler,
        regulator,
        goods,
        ..
    } = world;
    for site in [other_manufacturer, wholesaler] {
        let instruction = release_quarantined(site, goods.consignment);
        world
            .ledger
            .refuse(&instruction, CustodyError::LiftedByRegulator);
    }
    // Nor a regulator that is none any more.
    world.license(regulator, Roles::WHOLESALER);
    let instruction = release_quarantined(regulator, goods.consignment);
    world
        .ledger
        .refuse(&instruction, CustodyError::LiftedByRegulator);
    let instruction = release_quarantined(manufacturer, goods.consignment);
    crate::refuse_other_signers(&mut world.ledger, &instruction, &[manufacturer]);
}

#[test]
fn refuses_wrong_accounts() {
    let mut world = restricted(Restrictions::QUARANTINED);
    let instruction = release_quarantined(world.regulator, world.goods.consignment);
    let accounts = [world.regulator.partner, world.goods.consignment];
    world.ledger.refuse_stand_ins(&instruction, &accounts);
}
