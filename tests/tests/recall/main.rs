//! The recall program's instructions, one module each: what they do, and everything that they
//! refuse.

mod claim;
mod close_claims;
mod close_proofs;
mod codes;
mod complete;
mod custody;
mod expand;
mod fund;
mod narrow;
mod open;
mod operator;
mod payment;
mod prove;
mod reclassify;
mod reopen;
mod respond;
mod terminate;
mod withdraw;

use anchor_lang::solana_program::instruction::Instruction;
use pedigree_domain::Roles;
use pedigree_interface::Site;
use program_tests::{alter::Alter, ledger::Ledger, world::World};
use recall::RecallError;

/// Makes a site ineligible to act.
type Disqualification = fn(&mut World, Site);

/// Leaves a site every role but the regulator's.
fn leave_the_oversight(world: &mut World, site: Site) {
    world.license(site, Roles::all().difference(Roles::REGULATOR));
}

/// Expects refusals of what only a regulator may sign, by a regulator that is not eligible; `otherwise` is
/// the error for one without the role.
#[track_caller]
fn refuse_ineligible_regulators(world: &World, instruction: &Instruction, otherwise: RecallError) {
    let disqualifications: [(Disqualification, RecallError); 4] = [
        (World::suspend, RecallError::RegulatorSuspended),
        (World::revoke, RecallError::RegulatorRevoked),
        (World::lapse, RecallError::RegulatorLapsed),
        (leave_the_oversight, otherwise),
    ];
    for (disqualify, refusal) in disqualifications {
        let mut world = world.clone();
        let regulator = world.regulator;
        disqualify(&mut world, regulator);
        world.ledger.refuse(instruction, refusal);
    }
}

/// Leaves a site every role but those that make medicines.
fn leave_the_manufacture(world: &mut World, site: Site) {
    world.license(site, Roles::WHOLESALER);
}

/// Expects refusals of what the lot's manufacturer may sign, by one that is not in good standing.
#[track_caller]
fn refuse_ineligible_manufacturers(world: &World, instruction: &Instruction) {
    let disqualifications: [(Disqualification, RecallError); 4] = [
        (World::suspend, RecallError::SiteSuspended),
        (World::revoke, RecallError::ManufacturerRevoked),
        (World::lapse, RecallError::ManufacturerLapsed),
        (leave_the_manufacture, RecallError::NotOverseer),
    ];
    for (disqualify, refusal) in disqualifications {
        let mut world = world.clone();
        let manufacturer = world.manufacturer;
        disqualify(&mut world, manufacturer);
        world.ledger.refuse(instruction, refusal);
    }
}

/// Expects refusals of an instruction that another key signs for the site, or none.
#[track_caller]
fn refuse_other_signers(ledger: &mut Ledger, instruction: &Instruction, site: Site) {
    let stranger = ledger.key("stranger");
    let forged = instruction.clone().replacing(site.key, stranger);
    ledger.refuse(&forged, RecallError::NotPartnerKey);
    ledger.refuse_unsigned(instruction, &[site.key]);
}

/// Every site that neither made the lot nor oversees it.
fn downstream(world: &World) -> [Site; 5] {
    [
        world.other_manufacturer,
        world.wholesaler,
        world.logistics,
        world.pharmacy,
        world.other_pharmacy,
    ]
}
